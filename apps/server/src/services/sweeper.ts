import type { Clock } from '@tidings/api/clock';
import type { Logger } from './parts.ts';
import { logTrouble } from './trouble.ts';

type SweeperParts = { readonly clock: Clock; readonly logger: Logger };
type Pace = {
  /** From the end of one sweep to the beginning of the next. */
  readonly everyMs: number;
  /** What the log says of a sweep that failed; the next one goes on. */
  readonly trouble: string;
};

/** Sweeps again and again from {@link run} to {@link stop}. */
export abstract class Sweeper {
  /** A sweep that is under way ends soon. */
  protected stopped = false;
  readonly #parts: SweeperParts;
  readonly #pace: Pace;
  #cancel = () => {};

  protected constructor(parts: SweeperParts, pace: Pace) {
    this.#parts = parts;
    this.#pace = pace;
  }

  abstract sweep(): Promise<void>;

  run(): void {
    if (this.stopped) return;
    const { clock, logger } = this.#parts;
    const { everyMs, trouble } = this.#pace;
    this.#cancel = clock.after(everyMs, () => {
      this.sweep()
        .catch((error: unknown) => logTrouble(logger, error, trouble))
        .finally(() => this.run());
    });
  }

  stop(): void {
    this.stopped = true;
    this.#cancel();
  }
}
