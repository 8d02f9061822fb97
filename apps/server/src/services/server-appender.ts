import type { AccountItem } from '@tidings/api/account';
import type { MakeId } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import { accountId, clientId, type DeviceId, type Seq, type UserId } from '@tidings/api/ids';
import type { AppendQueue, Draft, Placement } from './append-queue.ts';
import type { EntryDelivery } from './entry-delivery.ts';
import type { LogReader } from './log-reader.ts';
import type { Appender, ChangeLine, Placed } from './parts.ts';

const chunkSize = 128;

export type ServerAppenderParts = {
  readonly queue: AppendQueue;
  readonly reader: LogReader;
  readonly delivery: EntryDelivery;
  readonly makeId: MakeId;
};

/** Appends what the server writes itself: lines about groups, and puts in account logs. */
export class ServerAppender implements Appender {
  readonly #parts: ServerAppenderParts;

  constructor(parts: ServerAppenderParts) {
    this.#parts = parts;
  }

  async change(line: ChangeLine): Promise<Placed> {
    const { conversationId, by, id, content, triedSince } = line;
    const stored = triedSince === undefined ? undefined : await this.#find(line, triedSince);
    if (stored) {
      this.#parts.delivery.deliver(conversationId, [stored]);
      return { seq: stored.seq, sentAt: stored.sentAt, again: true };
    }
    const [entry] = await this.#append([
      { conversationId, kind: 'change', sender: by, clientId: id, content },
    ]);
    const { seq, sentAt } = entry as Entry;
    return { seq, sentAt, again: false };
  }

  async putAccount(
    user: UserId,
    items: readonly AccountItem[],
    device?: DeviceId,
  ): Promise<{ readonly seq: Seq }> {
    const entries = await this.#append(
      items.map(({ key, value }) => ({
        conversationId: accountId(user),
        kind: 'account',
        sender: user,
        ...(device === undefined ? {} : { device }),
        clientId: clientId(this.#parts.makeId()),
        content: JSON.stringify({ key, value }),
      })),
    );
    return { seq: (entries.at(-1) as Entry).seq };
  }

  /** All of one conversation; all or an error, though some may be there then. */
  async #append(drafts: readonly Draft[]): Promise<readonly Entry[]> {
    const conversation = drafts[0]!.conversationId;
    const placements = await this.#parts.queue.append(conversation, drafts);
    const entries = placements.filter(
      (placement): placement is Entry => !(placement instanceof TidingsError),
    );
    this.#parts.delivery.deliver(conversation, entries);
    if (entries.length < placements.length)
      throw placements.find((placement: Placement) => placement instanceof TidingsError);
    return entries;
  }

  /** Searches downwards: an attempt that was interrupted is seldom far back, and its time says where to stop. */
  async #find({ conversationId, by, id }: ChangeLine, since: number): Promise<Entry | undefined> {
    const { reader } = this.#parts;
    let last = (await reader.head(conversationId)).seq as number;
    while (last > 0) {
      const first = Math.max(1, last - chunkSize + 1);
      const entries = await reader.written(conversationId, first, last, 'newest', chunkSize);
      const found = entries.find(
        (entry) => entry.kind === 'change' && entry.sender === by && entry.clientId === id,
      );
      if (found) return found;
      if (entries.some((entry) => entry.sentAt < since)) return undefined;
      last = first - 1;
    }
    return undefined;
  }
}
