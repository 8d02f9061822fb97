import type { Clock, Running } from '@tidings/api/clock';
import type { Timestamp, UserId } from '@tidings/api/ids';
import { answered } from '@tidings/redis/connection';
import { RedisScript } from '@tidings/redis/script';
import type { Redis } from 'ioredis';
import type { LastSeenStore } from './port.ts';

const writeBehindMs = 15_000;
/** Whoever claimed a user and died is followed by whoever touches them after this. */
const claimMs = 2 * writeBehindMs;
/** What nobody asks for needn't stay; the store behind has it. */
const keepMs = 24 * 3_600_000;
/** So many users are one step of Redis, which serves others in between. */
const perCommand = 4_000;
/** Writes to the store behind at a time. */
const maxWrites = 64;

const script = <Answer>(name: string) =>
  new RedisScript<Answer>(new URL(`./lua/${name}.lua`, import.meta.url));
const touchScript = script<readonly [known: string | null, claimed: 0 | 1]>('touch');
const releaseScript = script<readonly string[]>('release');
const learnScript = script<number>('learn');

type Seen = readonly [user: UserId, at: Timestamp];

export type RedisLastSeenParts = {
  /** One that may evict: the store behind has everything 15 s later. */
  readonly redis: Redis;
  readonly clock: Clock;
  readonly behind: LastSeenStore;
  readonly prefix?: string;
};

/**
 * Last seen of many processes: in Redis at once, so that everybody sees it, and written behind to another store.
 *
 * | key, behind the prefix | what | lives |
 * |---|---|---|
 * | `<user>` | when they were last seen, in ms; 0: never | a day after it moved or was read from the store behind |
 * | `claim:<user>` | somebody will write it to the store behind | until that is done, 30 s at most |
 *
 * The first who touches a user claims them, and up to 15 s later writes whatever Redis has by then: at most one write per user and
 * 15 s, whatever the number of processes. Without Redis a process writes its own touches behind, and reads from the store behind.
 */
export class RedisLastSeenStore implements LastSeenStore, Running {
  readonly #parts: RedisLastSeenParts;
  readonly #prefix: string;
  /** What this process is to write, with the newest time that it knows itself. */
  readonly #claimed = new Map<UserId, Timestamp>();
  #cancel: (() => void) | null = null;
  #stopped = false;

  constructor(parts: RedisLastSeenParts) {
    this.#parts = parts;
    this.#prefix = parts.prefix ?? 'tidings:seen:';
  }

  async touch(user: UserId, at: Timestamp): Promise<void> {
    if (this.#stopped) return this.#parts.behind.touch(user, at);
    let claimed = true;
    try {
      const [known, claim] = await this.#raise(user, at);
      claimed = claim === 1;
      if (known === null) await this.#recall(user, at);
    } catch {
      // Without Redis everybody writes their own.
    }
    if (claimed || this.#claimed.has(user)) this.#claim([user, at]);
  }

  async read(users: readonly UserId[]): Promise<readonly (Timestamp | null)[]> {
    const cached = await this.#cached(users);
    const unknown = new Set(users.filter((_, at) => cached[at] === null));
    const stored = unknown.size > 0 ? await this.#stored([...unknown]) : null;
    const own = this.#claimed;
    return users.map((user, at) => {
      const known = Number(cached[at] ?? stored?.get(user));
      return (own.size > 0 ? Math.max(known, own.get(user) ?? 0) : known) || null;
    });
  }

  /** Writes what this process claimed. */
  async drain(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    const leaving = [...this.#claimed];
    for (let from = 0; from < leaving.length; from += maxWrites) {
      const some = await this.#release(leaving.slice(from, from + maxWrites));
      await Promise.all(some.map((seen) => this.#write(seen)));
    }
  }

  /** The connection and the store behind are the caller's, and stay open. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.drain();
    this.#cancel?.();
  }

  #raise(user: UserId, at: Timestamp): Promise<readonly [string | null, 0 | 1]> {
    return touchScript.run(this.#parts.redis, this.#keysOf(user), [at, keepMs, claimMs]);
  }

  /** Redis knew nothing of the user: what the store behind has may be newer than the touch, by another machine's clock. */
  async #recall(user: UserId, touched: Timestamp): Promise<void> {
    const [stored] = await this.#parts.behind.read([user]).catch(() => []);
    if (stored && stored > touched) await this.#raise(user, stored);
  }

  #claim([user, at]: Seen): void {
    this.#claimed.set(user, Math.max(at, this.#claimed.get(user) ?? 0));
    this.#cancel ??= this.#parts.clock.after(writeBehindMs, () => void this.drain());
  }

  async #release(leaving: readonly Seen[]): Promise<readonly Seen[]> {
    for (const [user] of leaving) this.#claimed.delete(user);
    const keys = leaving.flatMap(([user]) => this.#keysOf(user));
    const known = leaving.map(([, at]) => at);
    try {
      const newest = await releaseScript.run(this.#parts.redis, keys, [keepMs, ...known]);
      return leaving.map(([user], index) => [user, Number(newest[index])]);
    } catch {
      return leaving;
    }
  }

  /** What can't be written stays for the next time. */
  async #write(seen: Seen): Promise<void> {
    try {
      await this.#parts.behind.touch(...seen);
    } catch {
      this.#claim(seen);
    }
  }

  /**
   * As Redis has it; `null` where it knows nothing, and everywhere when it is down. Packed by a script into one string each way, 100,000
   * users cost this process 19 ms instead of 53, but Redis, of which there is one, 54 instead of 19, and take longer: 60 ms instead of 50.
   */
  async #cached(users: readonly UserId[]): Promise<readonly (string | null)[]> {
    const keys = users.map((user) => this.#prefix + user);
    try {
      const found = chunksOf(keys).map((some) => answered(this.#parts.redis.mget(some)));
      return (await Promise.all(found)).flat();
    } catch {
      return users.map(() => null);
    }
  }

  /** From the store behind, and into Redis for the next who asks; who was never seen as well. */
  async #stored(users: readonly UserId[]): Promise<ReadonlyMap<UserId, Timestamp>> {
    const stored = await this.#parts.behind.read(users);
    const seen = users.map((user, at): Seen => [user, stored[at] ?? 0]);
    for (const some of chunksOf(seen)) {
      const keys = some.map(([user]) => this.#prefix + user);
      const times = some.map(([, at]) => at);
      learnScript.run(this.#parts.redis, keys, [keepMs, ...times]).catch(() => {});
    }
    return new Map(seen);
  }

  #keysOf(user: UserId): string[] {
    return [this.#prefix + user, `${this.#prefix}claim:${user}`];
  }
}

function chunksOf<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / perCommand);
  return Array.from({ length: count }, (_, at) => all.slice(at * perCommand, (at + 1) * perCommand));
}
