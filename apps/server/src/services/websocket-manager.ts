import { type Clock, wait } from '@tidings/api/clock';
import type { ServerEvent } from '@tidings/api/events';
import {
  type ConversationId,
  type DeviceId,
  deviceId,
  type HandlerId,
  trustedUserId,
  type UserId,
} from '@tidings/api/ids';
import type { Channel } from '@tidings/bus/channel/port';
import type { Connection, Registry } from '@tidings/bus/registry/port';
import { LRUCache } from 'lru-cache';
import { CacheUse } from './cache-use.ts';
import type { Envelope } from './envelope.ts';
import { Lease, type LeaseTurns } from './lease.ts';
import type { Lines } from './lines.ts';
import type { Delivery, Logger } from './parts.ts';
import { Tally } from './tally.ts';
import { logTrouble } from './trouble.ts';
import { UnderWay } from './under-way.ts';

/** A topic that every process joins, whoever it serves. */
export const everyProcess = trustedUserId('every~process');

export type ManagerParts = {
  readonly registry: Registry;
  readonly channel: Channel<Envelope>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The lines of this process's own handler. */
  readonly lines: Lines;
};

export type ManagerOptions = {
  readonly handlerId: HandlerId;
  /** How long the registry believes in a handler that it hears nothing of. */
  readonly leaseMs: number;
  /** How long a lookup is believed; 0 asks each time. Who isn't connected is looked up each time in any case. */
  readonly lookupMs: number;
};

/** Where a user was when the registry was asked, the `asked`-th time; nowhere is never believed. */
type Lookup = { readonly handlers: readonly HandlerId[]; readonly asked: number; readonly until: number };

/** How long a lookup may have been on its way before it was cached. */
const lookupSlackMs = 1_000;
/** Before a lookup that failed is made again, for a push; longer each time. */
const lookUpAgainMs = [300, 1_000, 3_000] as const;

export type Push = {
  readonly users: readonly UserId[];
  readonly events: readonly ServerEvent[];
  readonly except?: DeviceId | undefined;
  readonly stale?: ConversationId | undefined;
  /** Looks up past the cache. */
  readonly fresh?: boolean;
};

/** Each event is JSON, made when somebody is found to send it to. */
export type EncodedPush = Omit<Push, 'events'> & {
  readonly events: () => readonly string[];
  readonly passedOn?: true;
};

/**
 * Who is connected where, and the way there. Keeps this handler's own users in the registry under a lease, looks others' handlers
 * up, and sends each of them one envelope, whatever the number of its users that it is for.
 */
export class WebSocketManager implements Delivery {
  readonly handlerId: HandlerId;
  /** Look-ups by user. */
  readonly cacheUse = new CacheUse();
  /** Sent to other handlers since the start, by type. */
  readonly envelopes: Partial<Record<Envelope['type'], number>> = {};
  readonly #parts: ManagerParts;
  readonly #options: ManagerOptions;
  readonly #lookups: LRUCache<UserId, Lookup>;
  /** Numbers what is asked of the registry: answers may overtake each other. */
  #asked = 0;
  /** Names that this handler is registered under besides its users: see {@link join}. */
  readonly #topics = new Set<UserId>();
  readonly #tally: Tally;
  readonly #pushes = new UnderWay();
  readonly #lease: Lease;
  #registeredAnew: () => void = () => {};

  constructor(parts: ManagerParts, options: ManagerOptions) {
    this.#parts = parts;
    this.#options = options;
    this.handlerId = options.handlerId;
    this.#lookups = new LRUCache({ max: 20_000 });
    this.#tally = new Tally(parts.clock, (to, count) =>
      this.send(to, { type: 'tally', from: this.handlerId, count }),
    );
    this.#lease = new Lease({
      ...parts,
      ...options,
      here: () => this.#everything(),
      madeAnew: () => this.#registeredAnew(),
    });
  }

  /** `task` is called each time that everybody was registered anew, since the registry had lost them or was down. */
  whenRegisteredAnew(task: () => void): void {
    this.#registeredAnew = task;
  }

  /** How the lease fared since the start. */
  get leaseTurns(): LeaseTurns {
    return this.#lease.turns;
  }

  /** How long somebody may act on what they asked before now; 0 where nobody caches. */
  get staleMs(): number {
    const { lookupMs } = this.#options;
    return lookupMs === 0 ? 0 : lookupMs + lookupSlackMs;
  }

  run(): Promise<void> {
    return this.#lease.run();
  }

  /** Resolves when every push has gone out, and the other handlers have been told how many there were. */
  async drain(): Promise<void> {
    await this.#pushes.settled();
    this.#tally.tellAll();
  }

  stop(): Promise<void> {
    this.#tally.stop();
    return this.#lease.stop();
  }

  tell(users: readonly UserId[], events: readonly ServerEvent[], except?: DeviceId): void {
    this.push({ users, events, except });
  }

  /** Own lines at once, so that what is told in order arrives in order; other handlers when they are known. */
  push({ events, ...push }: Push): void {
    const encoded = once(() => events.map((event) => JSON.stringify(event)));
    this.#parts.lines.deliver(push.users, encoded, push.except);
    this.pushElsewhere({ ...push, events: encoded });
  }

  /** To devices at other handlers only. Where they are is asked again for some seconds while the registry doesn't say. */
  pushElsewhere(push: EncodedPush): void {
    this.#pushes.add(this.#sendPush(push, 0));
  }

  async #sendPush(push: EncodedPush, failures: number): Promise<void> {
    const { users, events, except, stale, passedOn, fresh = false } = push;
    try {
      for (const [handler, theirs] of await this.#byHandler(users, fresh || failures > 0)) {
        this.send(handler, {
          type: 'push',
          from: this.handlerId,
          users: theirs,
          events: events(),
          ...(except ? { except } : {}),
          ...(stale ? { stale } : {}),
          ...(passedOn ? { passedOn } : {}),
        });
      }
    } catch (error) {
      const ms = lookUpAgainMs[failures];
      logTrouble(this.#parts.logger, error, 'lookup failed for a push', { again: ms !== undefined });
      if (ms === undefined) return;
      await wait(this.#parts.clock, ms);
      await this.#sendPush(push, failures + 1);
    }
  }

  /** The same to each handler but this one that joined any of the topics now; to none when the registry is down. */
  async sendToTopics(topics: readonly UserId[], envelope: Envelope): Promise<void> {
    try {
      for (const handler of (await this.byHandler(topics)).keys()) this.send(handler, envelope);
    } catch (error) {
      logTrouble(this.#parts.logger, error, 'lookup failed', { type: envelope.type });
    }
  }

  send(handler: HandlerId, envelope: Envelope): void {
    this.envelopes[envelope.type] = (this.envelopes[envelope.type] ?? 0) + 1;
    if (envelope.type === 'push') this.#tally.sending(handler);
    this.#parts.channel.send(handler, envelope);
  }

  /** Takes note of an envelope from another handler: answers how many pushes before it turn out to be lost. */
  received(envelope: Envelope): number {
    if (envelope.type === 'push') this.#tally.received(envelope.from);
    return envelope.type === 'tally' ? this.#tally.lost(envelope.from, envelope.count) : 0;
  }

  /** The live handlers of each user as the registry knows them now, in the order asked; believed from now on. */
  async handlersOf(users: readonly UserId[]): Promise<readonly (readonly HandlerId[])[]> {
    const asked = ++this.#asked;
    const until = this.#parts.clock.now() + this.#options.lookupMs;
    const found = await this.#parts.registry.handlersOf(users);
    for (const [index, user] of users.entries())
      this.#remember(user, { handlers: found[index] ?? [], asked, until });
    return found;
  }

  /**
   * Topics ride in the registry under names that no user can have, so that they live and die with the handler's lease like its
   * users do: {@link sendToTopics} finds who joined.
   */
  join(topic: UserId): Promise<void> {
    if (this.#topics.has(topic)) return Promise.resolve();
    this.#topics.add(topic);
    return this.register({ user: topic, device: topicDevice });
  }

  leave(topic: UserId): void {
    if (this.#topics.delete(topic)) this.unregister({ user: topic, device: topicDevice });
  }

  /** Resolves when every lookup that starts from now on sees it. */
  register(connection: Connection): Promise<void> {
    return this.#lease.register(connection);
  }

  unregister(connection: Connection): void {
    // Whoever believes that they are here asks here, where it is passed on: but this handler itself would ask nobody.
    this.forget(connection.user);
    this.#lease.unregister(connection);
  }

  #everything(): Connection[] {
    const users = this.#parts.lines
      .all()
      .map(({ caller }) => ({ user: caller.userId, device: caller.deviceId }));
    return [...users, ...[...this.#topics].map((user) => ({ user, device: topicDevice }))];
  }

  /** Where they are is asked anew, and what was asked before now isn't believed. */
  forget(user: UserId): void {
    this.#remember(user, { handlers: [], asked: ++this.#asked, until: 0 });
  }

  /** The other handlers that serve any of them now, with whom each serves. Rejects when the registry is down. */
  byHandler(users: readonly UserId[]): Promise<ReadonlyMap<HandlerId, readonly UserId[]>> {
    return this.#byHandler(users, true);
  }

  async #byHandler(
    users: readonly UserId[],
    fresh: boolean,
  ): Promise<ReadonlyMap<HandlerId, readonly UserId[]>> {
    const byHandler = new Map<HandlerId, UserId[]>();
    const handlers = await (fresh ? this.handlersOf(users) : this.#lookUp(users));
    for (const [index, user] of users.entries()) {
      for (const handler of handlers[index] ?? []) {
        if (handler === this.handlerId) continue;
        const theirs = byHandler.get(handler);
        if (theirs) theirs.push(user);
        else byHandler.set(handler, [user]);
      }
    }
    return byHandler;
  }

  async #lookUp(users: readonly UserId[]): Promise<readonly (readonly HandlerId[])[]> {
    const { lookupMs } = this.#options;
    if (lookupMs === 0) return this.handlersOf(users);
    const now = this.#parts.clock.now();
    const cached = users.map((user) => {
      const lookup = this.#lookups.get(user);
      return lookup && lookup.handlers.length > 0 && lookup.until > now ? lookup.handlers : null;
    });
    const unknown = users.filter((_, index) => cached[index] === null);
    this.cacheUse.count(true, users.length - unknown.length);
    this.cacheUse.count(false, unknown.length);
    const found = unknown.length > 0 ? await this.handlersOf(unknown) : [];
    let next = 0;
    return cached.map((handlers) => handlers ?? found[next++] ?? []);
  }

  #remember(user: UserId, lookup: Lookup): void {
    if (this.#options.lookupMs === 0 || (this.#lookups.get(user)?.asked ?? 0) > lookup.asked) return;
    this.#lookups.set(user, lookup);
  }
}

const topicDevice = deviceId('handler-itself--');

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
