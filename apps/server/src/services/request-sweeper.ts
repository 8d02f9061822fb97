import type { Clock } from '@tidings/api/clock';
import type { BotDirectory } from '@tidings/db/directory/bot-port';
import type { Logger } from './parts.ts';
import { Sweeper } from './sweeper.ts';

/** For so long a program may make a request again. */
const rememberedMs = 24 * 3_600_000;
const everyMs = 10 * 60_000;
const atOnce = 500;

export type RequestSweeperParts = {
  readonly bots: BotDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Forgets the requests that programs won't make again (BOT3). */
export class RequestSweeper extends Sweeper {
  readonly #parts: RequestSweeperParts;

  constructor(parts: RequestSweeperParts) {
    super(parts, { everyMs, trouble: 'old requests of programs are forgotten later' });
    this.#parts = parts;
  }

  async sweep(): Promise<void> {
    const { bots, clock } = this.#parts;
    const before = clock.now() - rememberedMs;
    while ((await bots.forgetRequests(before, atOnce)) === atOnce && !this.stopped);
  }
}
