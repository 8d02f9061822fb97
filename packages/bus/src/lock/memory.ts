import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { type HeldLock, type Locks, patienceMs } from './port.ts';

type Holder = { readonly wanted: AbortController; readonly released: Promise<void> };

/** Among the callers of one process. */
export class MemoryLocks implements Locks {
  readonly #clock: Clock;
  readonly #holders = new Map<string, Holder>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async take(name: string): Promise<HeldLock> {
    const { promise: late, resolve } = Promise.withResolvers<'late'>();
    const cancel = this.#clock.after(patienceMs, () => resolve('late'));
    try {
      for (let holder = this.#holders.get(name); holder; holder = this.#holders.get(name)) {
        holder.wanted.abort();
        if ((await Promise.race([holder.released, late])) === 'late')
          throw new TidingsError('conflict', 'somebody else is at it');
      }
    } finally {
      cancel();
    }
    return this.#hold(name);
  }

  #hold(name: string): HeldLock {
    const wanted = new AbortController();
    const { promise: released, resolve } = Promise.withResolvers<void>();
    const holder = { wanted, released };
    this.#holders.set(name, holder);
    return {
      wanted: wanted.signal,
      release: async () => {
        if (this.#holders.get(name) === holder) this.#holders.delete(name);
        resolve();
      },
    };
  }
}
