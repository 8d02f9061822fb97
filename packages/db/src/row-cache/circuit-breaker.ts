import type { Clock } from '@tidings/api/clock';

/** Failures in a row after which nobody asks any more. */
const maxFailures = 5;
/** After this one caller tries whether it is better. */
const restMs = 2_000;

/** Keeps callers from waiting for what has failed again and again. */
export class CircuitBreaker {
  readonly #clock: Clock;
  #state: 'closed' | 'open' | 'half-open' = 'closed';
  #failures = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work`, or answers `null` without running it while there is no hope. Rejects as `work` does. */
  async run<T>(work: () => Promise<T>): Promise<T | null> {
    if (!this.#admits()) return null;
    try {
      const answer = await work();
      this.#state = 'closed';
      this.#failures = 0;
      return answer;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures >= maxFailures) this.#open();
      throw error;
    }
  }

  #admits(): boolean {
    if (this.#state !== 'half-open') return this.#state === 'closed';
    // One tries; the others learn from it.
    this.#open();
    return true;
  }

  #open(): void {
    if (this.#state === 'open') return;
    this.#state = 'open';
    this.#clock.after(restMs, () => {
      if (this.#state === 'open') this.#state = 'half-open';
    });
  }
}
