import { type Clock, type MakeId, type Running, wait } from '@tidings/api/clock';
import { type CloseReason, TidingsError } from '@tidings/api/errors';
import type { EventBatch } from '@tidings/api/events';
import type { HandlerId, SessionId, UserId } from '@tidings/api/ids';
import type { StreamApi } from '@tidings/api/sync';
import type { Caller } from '@tidings/api/trpc';
import type { Channel } from '@tidings/bus/channel/port';
import type { SessionDirectory } from '@tidings/db/directory/port';
import type { Envelope } from './envelope.ts';
import type { Forwarding } from './forwarding.ts';
import { Greetings } from './greetings.ts';
import type { Line, Lines } from './lines.ts';
import { Neighbours } from './neighbours.ts';
import type { Access, Logger, SessionGate } from './parts.ts';
import { Questions } from './questions.ts';
import { isStreamSocket, type OpenLine, Stream } from './stream.ts';
import { logTrouble } from './trouble.ts';
import { everyProcess, type WebSocketManager } from './websocket-manager.ts';
import { YieldedLine } from './yielded-line.ts';

/** The net under {@link SessionGate.end}, whose envelope may be lost. */
const sessionCheckMs = 30_000;
const sessionsPerCheck = 500;

export type HandlerParts = {
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly logger: Logger;
  readonly channel: Channel<Envelope>;
  readonly sessions: SessionDirectory;
  readonly access: Access;
  readonly manager: WebSocketManager;
  readonly lines: Lines;
  readonly forwarding: Forwarding;
};

/** Hears of what the handler itself has no use for. */
export interface HandlerListener {
  presence?(envelope: Extract<Envelope, { type: 'presence' | 'typing' }>): void;
  /** A line is over. */
  gone?(connection: object | undefined, caller: Caller): void;
  changed?(envelope: Extract<Envelope, { type: 'conversation-changed' | 'user-changed' }>): void;
  sessionsEnded?(sessions: ReadonlySet<SessionId>): void;
}

/** Holds the open streams of this process, takes what other handlers send for them, and knows nothing of what it carries. */
export class WebSocketHandler implements StreamApi, SessionGate, Running {
  readonly #parts: HandlerParts;
  readonly #listeners: HandlerListener[] = [];
  readonly #streams = new WeakMap<object, Line>();
  readonly #questions: Questions;
  readonly #greetings: Greetings;
  readonly #neighbours: Neighbours;
  #unlisten: () => Promise<void> = async () => {};
  #cancelCheck = () => {};
  /** When a line was over last. */
  #lastLeft = 0;
  #draining = false;
  #stopped = false;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
    this.#questions = new Questions(parts);
    this.#greetings = new Greetings(parts);
    const doubtful = (line: Line) => this.#greetings.againLater(line);
    this.#neighbours = new Neighbours({ ...parts, topic: everyProcess, doubtful });
  }

  get id(): HandlerId {
    return this.#parts.manager.handlerId;
  }

  /** How many streams are open here. */
  get size(): number {
    return this.#parts.lines.size;
  }

  listen(listener: HandlerListener): void {
    this.#listeners.push(listener);
  }

  async run(): Promise<void> {
    const take = (envelopes: readonly Envelope[]) => {
      for (const envelope of envelopes) this.#take(envelope);
    };
    this.#unlisten = await this.#parts.channel.listen(this.id, take, () => this.#greetings.allLater());
    this.#parts.manager.whenRegisteredAnew(() => this.#greetings.allLater());
    await this.#parts.manager.run();
    await this.#parts.manager.join(everyProcess);
    this.#neighbours.run();
    this.#scheduleCheck();
  }

  open(
    caller: Caller,
    connection: object | undefined,
    signal: AbortSignal | undefined,
  ): AsyncIterable<EventBatch> {
    if (this.#draining) throw new TidingsError('draining');
    if (connection && this.#streams.has(connection))
      throw new TidingsError('conflict', 'one stream per connection');
    const closed = () => this.#closed(line, connection);
    const line: OpenLine = isStreamSocket(connection)
      ? connection.openLine(caller, closed)
      : new YieldedLine(caller, this.#parts.clock, closed, signal);
    if (connection) this.#streams.set(connection, line);
    return new Stream(line, () => this.#attach(line));
  }

  /** The stream that runs on a connection. */
  lineOf(connection: object): Line | undefined {
    return this.#streams.get(connection);
  }

  /**
   * Lines first, then the registry, then `hello`: whoever appends from then on finds this line (SYNC1). Or finds a handler that
   * serves the user as well, when they were looked up just before: so those are asked first to pass on what is for them.
   */
  async #attach(line: OpenLine): Promise<EventBatch> {
    const { lines, manager } = this.#parts;
    const { userId, deviceId } = line.caller;
    if (line.over || this.#draining) throw new TidingsError('draining');
    lines.add(line);
    await manager.register({ user: userId, device: deviceId });
    // A dead handler passes nothing on: then the device looks again when nobody can believe in that one any more.
    if (manager.staleMs > 0 && !(await this.#arePassedOn(userId))) this.#greetings.againLater(line);
    else this.#neighbours.arrived(line);
    return line.greet(this.#greetings.hello(line.caller));
  }

  #arePassedOn(user: UserId): Promise<boolean> {
    return this.#questions.ask(user, (ask) => ({ type: 'forward', user, from: this.id, ask }));
  }

  #closed(line: Line, connection: object | undefined): void {
    if (connection) this.#streams.delete(connection);
    if (!this.#parts.lines.remove(line)) return;
    this.#lastLeft = this.#parts.clock.now();
    this.#parts.manager.unregister({ user: line.caller.userId, device: line.caller.deviceId });
    for (const listener of this.#listeners) listener.gone?.(connection, line.caller);
  }

  async end(user: UserId, sessions: readonly SessionId[]): Promise<void> {
    if (sessions.length === 0) return;
    this.#endHere(new Set(sessions));
    // Concerned are those that serve the user, those where the user is just arriving, and those that believe the session's cookie
    // from a request of a moment ago.
    await this.#parts.manager.sendToTopics([user, everyProcess], { type: 'end-sessions', sessions });
  }

  async connected(user: UserId): Promise<ReadonlySet<SessionId>> {
    const sessions = new Set(this.#parts.lines.of(user).map(({ caller }) => caller.sessionId));
    const take = (theirs: readonly SessionId[]) => {
      for (const session of theirs) sessions.add(session);
    };
    await this.#questions.ask(user, (ask) => ({ type: 'who', user, from: this.id, ask }), take);
    return sessions;
  }

  #take(envelope: Envelope): void {
    if (this.#parts.manager.received(envelope) > 0) this.#greetings.afterLoss();
    switch (envelope.type) {
      case 'tally':
        break;
      case 'push':
        if (envelope.stale) this.#parts.access.forget(envelope.stale);
        this.#parts.lines.deliver(envelope.users, () => envelope.events, envelope.except);
        this.#parts.forwarding.pass(envelope);
        break;
      case 'forward':
        this.#parts.forwarding.ask(envelope.user, envelope.from);
        this.#parts.manager.send(envelope.from, { type: 'forwarding', ask: envelope.ask });
        break;
      case 'forwarding':
        this.#questions.answered(envelope.ask, []);
        break;
      case 'end-sessions':
        this.#endHere(new Set(envelope.sessions));
        break;
      case 'who': {
        const sessions = this.#parts.lines.of(envelope.user).map(({ caller }) => caller.sessionId);
        this.#parts.manager.send(envelope.from, { type: 'connected', sessions, ask: envelope.ask });
        break;
      }
      case 'connected':
        this.#questions.answered(envelope.ask, envelope.sessions);
        break;
      case 'conversation-changed':
      case 'user-changed':
        for (const listener of this.#listeners) listener.changed?.(envelope);
        break;
      case 'presence':
      case 'typing':
        for (const listener of this.#listeners) listener.presence?.(envelope);
        break;
      default:
        envelope satisfies never;
    }
  }

  #endHere(sessions: ReadonlySet<SessionId>): void {
    for (const line of this.#parts.lines.all())
      if (sessions.has(line.caller.sessionId)) line.end('session-ended');
    for (const listener of this.#listeners) listener.sessionsEnded?.(sessions);
  }

  #scheduleCheck(): void {
    if (this.#stopped) return;
    this.#cancelCheck = this.#parts.clock.after(
      sessionCheckMs,
      () => void this.#checkSessions().finally(() => this.#scheduleCheck()),
    );
  }

  /** Sessions that expired, or whose end was told while the channel was down. */
  async #checkSessions(): Promise<void> {
    const sessions = [...new Set(this.#parts.lines.all().map(({ caller }) => caller.sessionId))];
    try {
      for (let from = 0; from < sessions.length; from += sessionsPerCheck) {
        const asked = sessions.slice(from, from + sessionsPerCheck);
        const valid = new Set(await this.#parts.sessions.stillValid(asked));
        const ended = asked.filter((session) => !valid.has(session));
        if (ended.length > 0) this.#endHere(new Set(ended));
      }
    } catch (error) {
      logTrouble(this.#parts.logger, error, 'sessions not checked');
    }
  }

  /**
   * Everybody is told to go elsewhere; nobody new comes in. What others send here because they looked its users up a moment ago is
   * passed on for as long as that may happen (see `forwarding.ts`): a drain costs nobody a push.
   */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#endAll('draining');
    const { clock, manager } = this.#parts;
    const left = this.#lastLeft + manager.staleMs - clock.now();
    if (left > 0) await wait(clock, left);
  }

  #endAll(reason: CloseReason): void {
    for (const line of this.#parts.lines.all()) line.end(reason);
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#draining = true;
    this.#cancelCheck();
    this.#neighbours.stop();
    this.#endAll('draining');
    await this.#parts.manager.stop();
    await this.#unlisten();
  }
}
