import type { Clock } from '@tidings/api/clock';

type Timer = { readonly at: number; readonly order: number; readonly task: () => void; live: boolean };

/** Rounds of timers that may fall due at one millisecond. */
const maxRounds = 100_000;

/**
 * Time that moves only when `run` moves it. What is due at the same millisecond runs in the order in which it was asked for;
 * after each such group every promise chain that it set off is let finish, so that a run depends on nothing but its seed.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #rounds = 0;
  #roundsAt = 0;
  readonly #heap: Timer[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  readonly now = (): number => this.#now;

  readonly after = (ms: number, task: () => void): (() => void) => {
    const timer: Timer = {
      at: this.#now + Math.max(0, Math.ceil(ms)),
      order: this.#order++,
      task,
      live: true,
    };
    push(this.#heap, timer);
    return () => {
      timer.live = false;
    };
  };

  readonly soon = (task: () => void): void => {
    this.after(0, task);
  };

  /** Moves time to `until` (absolute, ms), running what falls due on the way. */
  async run(until: number): Promise<void> {
    await settled();
    while (this.#heap.length > 0 && (this.#heap[0] as Timer).at <= until) {
      const due = (this.#heap[0] as Timer).at;
      this.#now = Math.max(this.#now, due);
      const last = this.#order;
      this.#count(due);
      while (
        this.#heap.length > 0 &&
        (this.#heap[0] as Timer).at <= due &&
        (this.#heap[0] as Timer).order < last
      ) {
        const timer = pop(this.#heap);
        if (timer.live) timer.task();
      }
      await settled();
    }
    this.#now = Math.max(this.#now, until);
  }

  /** What asks again and again to be run at once would stop time for ever. */
  #count(due: number): void {
    this.#rounds = due === this.#roundsAt ? this.#rounds + 1 : 0;
    this.#roundsAt = due;
    if (this.#rounds > maxRounds) throw new Error(`time stands still at ${due}`);
  }

  /** Runs until `condition` holds; false when it doesn't within `withinMs`. */
  async runUntil(
    condition: () => boolean | Promise<boolean>,
    withinMs: number,
    stepMs = 50,
  ): Promise<boolean> {
    const end = this.#now + withinMs;
    for (;;) {
      if (await condition()) return true;
      if (this.#now >= end) return false;
      await this.run(Math.min(end, this.#now + stepMs));
    }
  }
}

/** One trip round Node's event loop: all microtasks, and what they queued, are done by then. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Timer[], timer: Timer): void {
  heap.push(timer);
  let child = heap.length - 1;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!before(heap[child] as Timer, heap[parent] as Timer)) return;
    swap(heap, child, parent);
    child = parent;
  }
}

function pop(heap: Timer[]): Timer {
  swap(heap, 0, heap.length - 1);
  const first = heap.pop() as Timer;
  let parent = 0;
  for (;;) {
    const left = 2 * parent + 1;
    if (left >= heap.length) return first;
    const right = left + 1;
    const child = right < heap.length && before(heap[right] as Timer, heap[left] as Timer) ? right : left;
    if (!before(heap[child] as Timer, heap[parent] as Timer)) return first;
    swap(heap, child, parent);
    parent = child;
  }
}

function swap(heap: Timer[], a: number, b: number): void {
  const kept = heap[a] as Timer;
  heap[a] = heap[b] as Timer;
  heap[b] = kept;
}
