import type { Clock } from '@tidings/api/clock';

/** Lets each key through at once when it was quiet, and otherwise once more when `everyMs` are over: the last word counts. */
export class Throttle<K> {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #pass: (keys: readonly K[]) => void;
  /** Keys that passed in the last `everyMs`, and whether they want to again. */
  readonly #recent = new Map<K, boolean>();
  #passing: K[] = [];

  /** `pass` gets what passes in a tick together. */
  constructor(clock: Clock, everyMs: number, pass: (keys: readonly K[]) => void) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#pass = pass;
  }

  touch(key: K): void {
    if (this.#recent.has(key)) this.#recent.set(key, true);
    else this.#let(key);
  }

  #let(key: K): void {
    this.#recent.set(key, false);
    if (this.#passing.push(key) === 1) this.#clock.soon(() => this.#pass(this.#passing.splice(0)));
    this.#clock.after(this.#everyMs, () => {
      const again = this.#recent.get(key);
      this.#recent.delete(key);
      if (again) this.#let(key);
    });
  }
}
