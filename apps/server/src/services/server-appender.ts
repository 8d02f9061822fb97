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
    const stored = triedSince === undefined ? undefined : await this.#first(line, triedSince);
    if (stored) {
      this.#parts.delivery.deliver(conversationId, [stored]);
      return { seq: stored.seq, sentAt: stored.sentAt, again: true };
    }
    const appended = await this.#append([
      { conversationId, kind: 'change', sender: by, clientId: id, content },
    ]);
    const entry = appended[0] as Entry;
    // Somebody else may have tried again at the same moment: of two copies the first counts (SEND3).
    const first = triedSince === undefined ? undefined : await this.#first(line, triedSince);
    const { seq, sentAt } = first ?? entry;
    return { seq, sentAt, again: seq !== entry.seq };
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

  /**
   * The lowest copy of the line, once nothing can come below it any more; `conflict` while a young hole is there. Searches
   * downwards: an attempt that was interrupted is seldom far back, and its time says where to stop.
   */
  async #first(line: ChangeLine, since: number): Promise<Entry | undefined> {
    const { conversationId } = line;
    let found: Entry | undefined;
    let first = (await this.#parts.reader.head(conversationId)).seq + 1;
    for (let isOlder = false; first > 1 && !isOlder; ) {
      const last = first - 1;
      first = Math.max(1, last - chunkSize + 1);
      const entries = await this.#parts.reader.written(conversationId, first, last, 'newest', chunkSize);
      found = entries.find((entry) => isCopy(entry, line)) ?? found;
      isOlder = entries.some((entry) => entry.sentAt < since);
    }
    return found && this.#finalFirst(line, first, found.seq);
  }

  async #finalFirst(line: ChangeLine, first: number, last: Seq): Promise<Entry | undefined> {
    const conversation = line.conversationId;
    const range = { conversation, first, last, head: last, from: 'oldest', limit: last - first + 1 } as const;
    const page = await this.#parts.reader.page({ ...range, maxBytes: Number.POSITIVE_INFINITY });
    const copy = page.entries.find((entry) => isCopy(entry, line));
    if (copy) return copy;
    const retryAfterMs = page.holeRetryMs ?? 0;
    throw new TidingsError('conflict', 'what stands before the line is not known yet', { retryAfterMs });
  }
}

const isCopy = (entry: Entry, { by, id }: ChangeLine): boolean =>
  entry.kind === 'change' && entry.sender === by && entry.clientId === id;
