import type { Clock, MakeId, Running } from '@tidings/api/clock';
import { type CloseReason, TidingsError } from '@tidings/api/errors';
import type { EventBatch, ServerEvent } from '@tidings/api/events';
import type { HandlerId, SessionId, UserId } from '@tidings/api/ids';
import { protocolVersion } from '@tidings/api/protocol';
import type { StreamApi } from '@tidings/api/sync';
import type { Caller } from '@tidings/api/trpc';
import type { Channel } from '@tidings/bus/channel/port';
import type { SessionDirectory } from '@tidings/db/directory/port';
import type { Envelope } from './envelope.ts';
import type { Forwarding } from './forwarding.ts';
import type { Line, Lines } from './lines.ts';
import type { Access, Logger, SessionGate } from './parts.ts';
import type { WebSocketManager } from './websocket-manager.ts';
import { YieldedLine } from './yielded-line.ts';

/** How long other handlers have to answer. */
const askMs = 300;
/** The net under {@link SessionGate.end}, whose envelope may be lost. */
const sessionCheckMs = 30_000;
const sessionsPerCheck = 500;

/**
 * A connection that has its own way to the wire: see `socket/`. For any other (a test, a simulation) the batches are what the
 * stream yields.
 */
export interface StreamSocket {
  /** The line of the one stream that it may have; `closed` is called once, when it is over. */
  openLine(caller: Caller, closed: () => void): OpenLine;
}

/** A line, and what the stream yields: first the greeting, then whatever the line doesn't write by itself. */
export interface OpenLine extends Line {
  /** It ended, or its reader has gone. */
  readonly over: boolean;
  greet(hello: ServerEvent): EventBatch;
  next(): Promise<IteratorResult<EventBatch>>;
  /** The reader has gone. */
  leave(): void;
}

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
  sessionsEnded?(sessions: ReadonlySet<SessionId>): void;
}

/** Holds the open streams of this process, takes what other handlers send for them, and knows nothing of what it carries. */
export class WebSocketHandler implements StreamApi, SessionGate, Running {
  readonly #parts: HandlerParts;
  readonly #listeners: HandlerListener[] = [];
  readonly #streams = new WeakMap<object, Line>();
  /** What takes the answers to what other handlers were asked. */
  readonly #asked = new Map<string, (sessions: readonly SessionId[]) => void>();
  #unlisten: () => Promise<void> = async () => {};
  #cancelCheck = () => {};
  #draining = false;
  #stopped = false;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
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
    this.#unlisten = await this.#parts.channel.listen(this.id, (envelopes) => {
      for (const envelope of envelopes) this.#take(envelope);
    });
    await this.#parts.manager.run();
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
    const { lines, manager, clock } = this.#parts;
    const { userId, deviceId, sessionId } = line.caller;
    if (line.over || this.#draining) throw new TidingsError('draining');
    lines.add(line);
    await manager.register({ user: userId, device: deviceId });
    if (manager.lookupMs > 0)
      await this.#askOthers(userId, (ask) => ({ type: 'forward', user: userId, from: this.id, ask }));
    return line.greet({
      type: 'hello',
      protocol: protocolVersion,
      userId,
      deviceId,
      sessionId,
      serverTime: clock.now(),
    });
  }

  #closed(line: Line, connection: object | undefined): void {
    if (connection) this.#streams.delete(connection);
    if (!this.#parts.lines.remove(line)) return;
    this.#parts.manager.unregister({ user: line.caller.userId, device: line.caller.deviceId });
    for (const listener of this.#listeners) listener.gone?.(connection, line.caller);
  }

  async end(user: UserId, sessions: readonly SessionId[]): Promise<void> {
    if (sessions.length === 0) return;
    this.#endHere(new Set(sessions));
    await this.#toOthers(user, { type: 'end-sessions', sessions });
  }

  async connected(user: UserId): Promise<ReadonlySet<SessionId>> {
    const sessions = new Set(this.#parts.lines.of(user).map(({ caller }) => caller.sessionId));
    const take = (theirs: readonly SessionId[]) => {
      for (const session of theirs) sessions.add(session);
    };
    await this.#askOthers(user, (ask) => ({ type: 'who', user, from: this.id, ask }), take);
    return sessions;
  }

  /** Asks the other handlers that serve the user; resolves when all have answered, or had their time. */
  async #askOthers(
    user: UserId,
    question: (ask: string) => Envelope,
    take: (sessions: readonly SessionId[]) => void = () => {},
  ): Promise<void> {
    const { clock, makeId } = this.#parts;
    const ask = makeId();
    const { promise, resolve } = Promise.withResolvers<void>();
    const others = await this.#toOthers(user, question(ask));
    if (others === 0) return;
    let waitingFor = others;
    this.#asked.set(ask, (sessions) => {
      take(sessions);
      waitingFor -= 1;
      if (waitingFor === 0) resolve();
    });
    const cancel = clock.after(askMs, resolve);
    await promise;
    cancel();
    this.#asked.delete(ask);
  }

  /** Past the cache of lookups: a handler must not be missed for the age of one. */
  async #toOthers(user: UserId, envelope: Envelope): Promise<number> {
    const { manager } = this.#parts;
    const others = [...(await manager.byHandler([user])).keys()];
    for (const handler of others) manager.send(handler, envelope);
    return others.length;
  }

  #take(envelope: Envelope): void {
    switch (envelope.type) {
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
        this.#asked.get(envelope.ask)?.([]);
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
        this.#asked.get(envelope.ask)?.(envelope.sessions);
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
      this.#parts.logger.warn({ error }, 'sessions not checked');
    }
  }

  /** Everybody is told to go elsewhere; nobody new comes in. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#endAll('draining');
  }

  #endAll(reason: CloseReason): void {
    for (const line of this.#parts.lines.all()) line.end(reason);
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#draining = true;
    this.#cancelCheck();
    this.#endAll('draining');
    await this.#parts.manager.stop();
    await this.#unlisten();
  }
}

/** One reading of a stream. Not a generator: one of those couldn't be left while it waits. */
class Stream implements AsyncIterableIterator<EventBatch> {
  readonly #line: OpenLine;
  #attach: (() => Promise<EventBatch>) | null;

  constructor(line: OpenLine, attach: () => Promise<EventBatch>) {
    this.#line = line;
    this.#attach = attach;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<EventBatch>> {
    const attach = this.#attach;
    if (!attach) return this.#line.next();
    this.#attach = null;
    return { done: false, value: await attach() };
  }

  async return(): Promise<IteratorResult<EventBatch>> {
    this.#line.leave();
    return { done: true, value: undefined };
  }
}

const isStreamSocket = (connection: object | undefined): connection is StreamSocket =>
  connection !== undefined && 'openLine' in connection;
