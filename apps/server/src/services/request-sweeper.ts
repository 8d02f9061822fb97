import type { Clock } from '@tidings/api/clock';
import type { BotDirectory } from '@tidings/db/directory/bot-port';
import type { Logger } from './parts.ts';
import { logTrouble } from './trouble.ts';

/** For so long a program may make a request again. */
export const rememberedMs = 24 * 3_600_000;
const everyMs = 10 * 60_000;
const atOnce = 500;

export type RequestSweeperParts = {
  readonly bots: BotDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Forgets the requests that programs won't make again. */
export class RequestSweeper {
  readonly #parts: RequestSweeperParts;
  #cancel = () => {};
  #stopped = false;

  constructor(parts: RequestSweeperParts) {
    this.#parts = parts;
  }

  run(): void {
    if (this.#stopped) return;
    this.#cancel = this.#parts.clock.after(everyMs, () => void this.#sweep().then(() => this.run()));
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  async #sweep(): Promise<void> {
    const { bots, clock, logger } = this.#parts;
    try {
      while ((await bots.forgetRequests(clock.now() - rememberedMs, atOnce)) === atOnce);
    } catch (error) {
      logTrouble(logger, error, 'old requests of programs not forgotten');
    }
  }
}
