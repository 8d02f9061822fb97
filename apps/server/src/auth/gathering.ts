import type { Clock } from '@tidings/api/clock';

/**
 * When to look up what was asked for: at once if nothing was looked up within the last `ms`, and otherwise with everything else
 * that is asked until those are over. So one who comes alone doesn't wait, and a crowd shares a look-up per `ms`.
 */
export class Gathering {
  readonly #clock: Clock;
  readonly #ms: number;
  #resting = false;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  readonly schedule = (task: () => void): void => {
    this.#waiting.push(task);
    if (this.#resting) return;
    this.#resting = true;
    this.#clock.soon(() => this.#run());
  };

  #run(): void {
    for (const task of this.#waiting.splice(0)) task();
    this.#clock.after(this.#ms, () => {
      if (this.#waiting.length > 0) this.#run();
      else this.#resting = false;
    });
  }
}
