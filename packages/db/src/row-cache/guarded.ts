import type { Clock } from '@tidings/api/clock';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { CacheAnswer, CacheFill, RowCache } from './port.ts';

/** Longer than a cache that is well ever takes, shorter than anybody notices. */
const readMs = 100;
/** A change waits a little longer for the cache to hear of it: a lost invalidation shows until `maxStaleMs`. */
const invalidateMs = 500;

const nothing: CacheAnswer = { row: null, lease: null };

/**
 * A cache that never makes anybody fail, and holds nobody up for more than 0.1 s (a change: 0.5 s): one that is down or slow has
 * no rows. After some failures in a row it isn't even asked for a while.
 */
export class GuardedRowCache implements RowCache {
  readonly #cache: RowCache;
  readonly #clock: Clock;
  readonly #breaker: CircuitBreaker;

  constructor(cache: RowCache, clock: Clock) {
    this.#cache = cache;
    this.#clock = clock;
    this.#breaker = new CircuitBreaker(clock);
  }

  async read(keys: readonly string[]): Promise<readonly CacheAnswer[]> {
    const asked = () => this.#within(readMs, this.#cache.read(keys));
    const answers = await this.#breaker.run(asked).catch(() => null);
    return answers ?? keys.map(() => nothing);
  }

  async fill(rows: readonly CacheFill[]): Promise<void> {
    await this.#breaker.run(() => this.#within(readMs, this.#cache.fill(rows))).catch(() => {});
  }

  /** Tried in any case: others may reach a cache that this process has given up. */
  async invalidate(keys: readonly string[]): Promise<void> {
    await this.#within(invalidateMs, this.#cache.invalidate(keys)).catch(() => {});
  }

  #within<T>(ms: number, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(ms, () => reject(new Error(`no answer within ${ms} ms`)));
      work.then(resolve, reject).finally(cancel);
    });
  }
}
