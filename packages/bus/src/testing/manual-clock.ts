import type { Clock } from '@tidings/api/clock';

type Timer = { readonly at: number; readonly task: () => void };

/** Time that passes only when a test says so. */
export class ManualClock implements Clock {
  #now = 1_700_000_000_000;
  readonly #timers = new Set<Timer>();

  readonly now = (): number => this.#now;

  readonly after = (ms: number, task: () => void): (() => void) => {
    const timer: Timer = { at: this.#now + ms, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  readonly soon = (task: () => void): void => {
    this.after(0, task);
  };

  /** Runs what falls due, in order, and lets what that set off finish. */
  readonly pass = async (ms: number): Promise<void> => {
    const until = this.#now + ms;
    await settled();
    for (let next = this.#nextBefore(until); next; next = this.#nextBefore(until)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
      await settled();
    }
    this.#now = until;
  };

  #nextBefore(until: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= until);
    return due.sort((a, b) => a.at - b.at)[0];
  }
}

/** All promises that were ready to go on have gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
