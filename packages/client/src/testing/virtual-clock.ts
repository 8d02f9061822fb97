import type { Clock } from '@tidings/api/clock';

type Timer = { readonly at: number; readonly order: number; readonly task: () => void };

/** Time that a test moves. After each task all promise chains that it set off are let run out. */
export class VirtualClock implements Clock {
  #now = 1_700_000_000_000;
  #order = 0;
  readonly #timers = new Map<number, Timer>();

  now = (): number => this.#now;

  after = (ms: number, task: () => void): (() => void) => {
    const order = this.#order++;
    this.#timers.set(order, { at: this.#now + Math.max(0, Math.ceil(ms)), order, task });
    return () => this.#timers.delete(order);
  };

  soon = (task: () => void): void => {
    this.after(0, task);
  };

  /** Runs what is due within the next `ms`, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const due = this.#next(end);
      if (!due) break;
      this.#now = Math.max(this.#now, due.at);
      this.#timers.delete(due.order);
      due.task();
      await settled();
    }
    this.#now = end;
  }

  /** Advances in steps until `condition` holds; throws when it doesn't within `withinMs`. */
  async until(condition: () => boolean | Promise<boolean>, withinMs = 60_000, stepMs = 10): Promise<void> {
    const end = this.#now + withinMs;
    while (!(await condition())) {
      if (this.#now >= end) throw new Error(`not within ${withinMs} ms: ${condition}`);
      await this.advance(stepMs);
    }
  }

  /** A clock set to another time, which may jump. */
  jump(ms: number): void {
    this.#now += ms;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (
        timer.at <= end &&
        (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
      )
        first = timer;
    }
    return first;
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
