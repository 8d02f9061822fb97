import { type Clock, secureId, wait } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { RedisScript } from '@tidings/redis/script';
import type { Redis } from 'ioredis';
import { type HeldLock, type Locks, patienceMs } from './port.ts';

const takeScript = new RedisScript<0 | 1>(new URL('./lua/take.lua', import.meta.url));
const renewScript = new RedisScript<0 | 1 | 2>(new URL('./lua/renew.lua', import.meta.url));
const releaseScript = new RedisScript<1>(new URL('./lua/release.lua', import.meta.url));

const leaseMs = 10_000;
const renewMs = 500;
const retryMs = 100;

/**
 * Locks of many processes.
 *
 * | key, behind the prefix | what | lives |
 * |---|---|---|
 * | `<name>` | the holder's token | 10 s after its last renewal, two a second |
 * | `<name>:wanted` | somebody waits | 10 s after they last tried |
 *
 * What is down: `unavailable` for who wants to take a name; a holder goes on for as long as its lease may live.
 */
export class RedisLocks implements Locks {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #prefix: string;

  constructor(parts: { readonly redis: Redis; readonly clock: Clock; readonly prefix: string }) {
    this.#redis = parts.redis;
    this.#clock = parts.clock;
    this.#prefix = parts.prefix;
  }

  async take(name: string): Promise<HeldLock> {
    const token = secureId();
    for (let waited = 0; waited < patienceMs; waited += retryMs) {
      if (await takeScript.run(this.#redis, this.#keys(name), [token, leaseMs]))
        return this.#hold(name, token);
      await wait(this.#clock, retryMs);
    }
    throw new TidingsError('conflict', 'somebody else is at it');
  }

  #hold(name: string, token: string): HeldLock {
    const wanted = new AbortController();
    let released = false;
    let cancel = () => {};
    let failedForMs = 0;
    const renewLater = () => {
      cancel = this.#clock.after(renewMs, () => void renew());
    };
    const renew = async () => {
      const state = await renewScript
        .run(this.#redis, this.#keys(name), [token, leaseMs])
        .catch(() => 'down' as const);
      if (released) return;
      failedForMs = state === 'down' ? failedForMs + renewMs : 0;
      if (state === 0 || state === 2 || failedForMs >= leaseMs) wanted.abort();
      if (state !== 0) renewLater();
    };
    renewLater();
    return {
      wanted: wanted.signal,
      release: async () => {
        released = true;
        cancel();
        // Without Redis the lease runs out by itself.
        await releaseScript.run(this.#redis, [this.#prefix + name], [token]).catch(() => {});
      },
    };
  }

  #keys(name: string): readonly string[] {
    return [this.#prefix + name, `${this.#prefix}${name}:wanted`];
  }
}
