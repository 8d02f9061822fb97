import type { HandlerId, UserId } from '@tidings/api/ids';
import { RedisScript } from '@tidings/redis/script';
import type { Redis } from 'ioredis';
import type { Connection, Registry } from './port.ts';

/** So many users or connections are one step of Redis, which serves others in between: well under a millisecond. */
const perScript = 1_024;

const script = <Answer>(name: string) =>
  new RedisScript<Answer>(new URL(`./lua/${name}.lua`, import.meta.url));
const scripts = {
  renew: script<0 | 1>('renew'),
  register: script<0 | 1>('register'),
  unregister: script<0 | 1>('unregister'),
  lookup: script<HandlerId[][]>('lookup'),
  leave: script<0 | 1>('leave'),
  collect: script<0 | 1>('collect'),
};

/**
 * The registry of many processes. An epoch is a number that stands for one unbroken lease of one handler, never used again. What
 * a handler registers is stored under its epoch, so all of it is dead in the moment in which the one key `lease:<epoch>` is gone.
 *
 * | key, behind the prefix | what | lives |
 * |---|---|---|
 * | `handler:<handler>` | its epoch | as long as the lease |
 * | `lease:<epoch>` | the handler | as long as the lease |
 * | `user:<user>` | a set of epochs, dead ones too | while it has members |
 * | `connections:<epoch>` | a hash: how often each (user, device) and each user is registered, how many changes were made | until collected |
 * | `deadlines` | a sorted set: when each epoch ends | its members until collected |
 * | `epochs` | the last epoch | for ever |
 *
 * Whoever renews a lease also collects what ended ones left, from their own lists. Keys are made in the scripts, so this is for
 * one Redis (with replicas to fail over to), not for a sharded cluster.
 */
export class RedisRegistry implements Registry {
  readonly #redis: Redis;
  readonly #prefix: string;
  /** Changes sent under each handler's lease. All calls for a handler come through one registry, on one connection, in order. */
  readonly #told = new Map<HandlerId, number>();
  #collecting = false;

  constructor(redis: Redis, prefix = 'tidings:registry:') {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  async renew(handler: HandlerId, leaseMs: number): Promise<boolean> {
    const told = this.#told.get(handler) ?? 0;
    const args = [this.#prefix, handler, Math.round(leaseMs), told];
    const lived = (await scripts.renew.run(this.#redis, [this.#handlerKey(handler)], args)) === 1;
    if (!lived) this.#told.set(handler, (this.#told.get(handler) ?? 0) - told);
    void this.#collect();
    return lived;
  }

  register(handler: HandlerId, connections: readonly Connection[]): Promise<void> {
    return this.#change(scripts.register, handler, connections);
  }

  unregister(handler: HandlerId, connections: readonly Connection[]): Promise<void> {
    return this.#change(scripts.unregister, handler, connections);
  }

  async handlersOf(users: readonly UserId[]): Promise<readonly (readonly HandlerId[])[]> {
    const keys = users.map((user) => `${this.#prefix}user:${user}`);
    const found = chunksOf(keys).map((some) => scripts.lookup.run(this.#redis, some, [this.#prefix]));
    return (await Promise.all(found)).flat();
  }

  async leave(handler: HandlerId): Promise<void> {
    this.#told.delete(handler);
    await scripts.leave.run(this.#redis, [this.#handlerKey(handler)], [this.#prefix]);
  }

  async #change(
    change: RedisScript<0 | 1>,
    handler: HandlerId,
    connections: readonly Connection[],
  ): Promise<void> {
    const changes = chunksOf(connections).map((some) => {
      // Counted before it is known to have arrived: when it didn't, the next renewal finds that out.
      this.#told.set(handler, (this.#told.get(handler) ?? 0) + 1);
      const args = some.flatMap(({ user, device }) => [user, device]);
      return change.run(this.#redis, [this.#handlerKey(handler)], [this.#prefix, ...args]);
    });
    await Promise.all(changes);
  }

  /** Nobody waits for it; what is left is the next renewal's. */
  async #collect(): Promise<void> {
    if (this.#collecting) return;
    this.#collecting = true;
    try {
      const [key, args] = [`${this.#prefix}deadlines`, [this.#prefix, perScript]];
      while ((await scripts.collect.run(this.#redis, [key], args)) === 1);
    } catch {
      // Redis is away: there is nothing to be done now.
    } finally {
      this.#collecting = false;
    }
  }

  #handlerKey(handler: HandlerId): string {
    return `${this.#prefix}handler:${handler}`;
  }
}

function chunksOf<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / perScript);
  return Array.from({ length: count }, (_, at) => all.slice(at * perScript, (at + 1) * perScript));
}
