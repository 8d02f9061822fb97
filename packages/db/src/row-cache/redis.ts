import type { MakeId } from '@tidings/api/clock';
import { secureId } from '@tidings/api/clock';
import { RedisScript } from '@tidings/redis/script';
import type { Redis } from 'ioredis';
import type { CacheAnswer, CacheFill, RowCache } from './port.ts';

/** To read a row from the store and bring it takes no longer, as a rule. Half of what may be stale, where that is short. */
const leaseMs = 2_000;
/** A replica of the store that lags less than this can't bring back what was just changed. */
const holdMs = 5_000;
/** So many rows are one step of Redis, which serves others in between. */
const perScript = 500;

const script = <Answer>(name: string) =>
  new RedisScript<Answer>(new URL(`./lua/${name}.lua`, import.meta.url));
const scripts = {
  read: script<readonly string[]>('read'),
  fill: script<number>('fill'),
  invalidate: script<number>('invalidate'),
};

export type RedisRowCacheOptions = {
  /** A Redis that evicts what was used longest ago (`maxmemory-policy allkeys-lru`). */
  readonly redis: Redis;
  readonly prefix: string;
  /** A row is given out for so long after it was read from the store, at most. */
  readonly maxStaleMs: number;
  readonly makeId?: MakeId;
};

/**
 * Rows in a Redis of their own, which evicts by itself.
 *
 * | key, behind the prefix | what | lives |
 * |---|---|---|
 * | `<key>` | `=` and the row | `maxStaleMs` since it was read from the store, or until invalidated or evicted |
 * | the same | `?` and a lease: somebody reads the row from the store | 2 s at most |
 * | the same | `!`: it has just changed; read the store | 5 s |
 *
 * The lease is what keeps a slow reader from bringing back what changed meanwhile: an invalidation takes it away. A row is kept for
 * `maxStaleMs` less the time of the lease, so the bound holds however late in its lease it was filled, and when an invalidation is
 * lost.
 */
export class RedisRowCache implements RowCache {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #leaseMs: number;
  readonly #keepMs: number;
  readonly #makeId: MakeId;

  constructor({ redis, prefix, maxStaleMs, makeId = secureId }: RedisRowCacheOptions) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#leaseMs = Math.min(leaseMs, Math.floor(maxStaleMs / 2));
    this.#keepMs = maxStaleMs - this.#leaseMs;
    this.#makeId = makeId;
  }

  async read(keys: readonly string[]): Promise<readonly CacheAnswer[]> {
    const lease = this.#makeId();
    const held = chunksOf(keys).map((some) =>
      scripts.read.run(this.#redis, this.#keys(some), [lease, this.#leaseMs]),
    );
    return (await Promise.all(held)).flat().map((one): CacheAnswer => {
      if (one.startsWith('=')) return { row: one.slice(1) };
      return { row: null, lease: one === 'leased' ? lease : null };
    });
  }

  async fill(rows: readonly CacheFill[]): Promise<void> {
    const filled = chunksOf(rows).map((some) => {
      const keys = this.#keys(some.map(({ key }) => key));
      const args = some.flatMap(({ lease, row }) => [lease, row]);
      return scripts.fill.run(this.#redis, keys, [this.#keepMs, ...args]);
    });
    await Promise.all(filled);
  }

  async invalidate(keys: readonly string[]): Promise<void> {
    const done = chunksOf(keys).map((some) =>
      scripts.invalidate.run(this.#redis, this.#keys(some), [holdMs]),
    );
    await Promise.all(done);
  }

  #keys(keys: readonly string[]): string[] {
    return keys.map((key) => this.#prefix + key);
  }
}

function chunksOf<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / perScript);
  return Array.from({ length: count }, (_, at) => all.slice(at * perScript, (at + 1) * perScript));
}
