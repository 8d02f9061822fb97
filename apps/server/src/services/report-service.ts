import type { Clock, MakeId } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { MessageApi } from '@tidings/api/message';
import type { NewReport, ReportApi } from '@tidings/api/report';
import type { Caller } from '@tidings/api/trpc';
import type { ReportDirectory } from '@tidings/db/directory/administration-port';

export type ReportServiceParts = {
  readonly reports: ReportDirectory;
  readonly messages: Pick<MessageApi, 'read'>;
  readonly clock: Clock;
  readonly makeId: MakeId;
};

/** Messages that users show to the operators. */
export class ReportService implements ReportApi {
  readonly #parts: ReportServiceParts;

  constructor(parts: ReportServiceParts) {
    this.#parts = parts;
  }

  /** Whose it is says the log, not the reporter; reading it there decides that they may (ACC1). */
  async file(caller: Caller, { conversationId, seq, reason, note, excerpt }: NewReport): Promise<void> {
    const { messages, reports, makeId, clock } = this.#parts;
    const range = { conversationId, first: seq, last: seq, from: 'oldest', limit: 1 } as const;
    const [page] = await messages.read(caller, [range]);
    if (page?.error) throw new TidingsError(page.error);
    const entry = page?.entries.find((one) => one.seq === seq && one.kind === 'message');
    if (!entry?.sender) throw new TidingsError('not-found');
    if (entry.sender === caller.userId) throw new TidingsError('not-allowed', 'their own message');
    await reports.file({
      ...{ conversationId, seq, reason, note, excerpt },
      id: makeId(),
      author: entry.sender,
      reporter: caller.userId,
      at: clock.now(),
      state: 'open',
    });
  }
}
