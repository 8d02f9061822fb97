import type { Clock } from '@tidings/api/clock';
import { type ConversationId, conversationKind, seq } from '@tidings/api/ids';
import type {
  AssetReferenceDirectory,
  ConversationDirectory,
  ConversationRecord,
} from '@tidings/db/directory/port';
import { bucketOf, bucketSize, type MessageStore } from '@tidings/db/message-store/port';
import type { Watermark, WatermarkStore } from '@tidings/db/watermark-store/port';
import { viewOf } from './access.ts';
import { Minima } from './minima.ts';
import type { Logger } from './parts.ts';
import { Sweeper } from './sweeper.ts';

const everyMs = 3_600_000;
const maxAgeMs = 30 * 86_400_000;
const conversationsAtOnce = 200;

export type RetentionParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly conversations: ConversationDirectory;
  readonly messages: MessageStore;
  readonly watermarks: WatermarkStore;
  readonly assetReferences: Pick<AssetReferenceDirectory, 'dropUpTo'>;
};

/**
 * `delete-after-delivery` (LOG9): an hourly sweep drops the whole buckets of each log that every member has, or that are older than
 * 30 days. What is dropped is gone for readers; devices keep what they hold.
 */
export class Retention extends Sweeper {
  readonly #parts: RetentionParts;

  constructor(parts: RetentionParts) {
    super(parts, { everyMs, trouble: 'retention goes on in an hour' });
    this.#parts = parts;
  }

  async sweep(): Promise<void> {
    const { conversations } = this.#parts;
    let ids = await conversations.list(null, conversationsAtOnce);
    while (ids.length > 0 && !this.stopped) {
      await this.#sweep(ids);
      ids = await conversations.list(ids.at(-1) as ConversationId, conversationsAtOnce);
    }
  }

  async #sweep(ids: readonly ConversationId[]): Promise<void> {
    const { messages, conversations, watermarks } = this.#parts;
    const heads = await messages.heads(ids);
    const long = ids.filter((_, index) => (heads[index]?.seq ?? 0) >= bucketSize - 1);
    if (long.length === 0) return;
    const [records, marks] = await Promise.all([
      conversations.conversations(long),
      watermarks.ofConversations(long),
    ]);
    const recordOf = new Map(records.map((record) => [record.id, record]));
    for (const [index, id] of long.entries()) {
      const head = heads[ids.indexOf(id)]?.seq ?? 0;
      const delivered = deliveredToAll(recordOf.get(id), marks[index] ?? []);
      const upTo = Math.max(delivered, await this.#agedUpTo(id, head));
      if (upTo > 0) await this.#drop(id, Math.min(upTo, head));
    }
  }

  /** And then what those messages carried: after a crash in between, the next sweep finds the same buckets to drop. */
  async #drop(id: ConversationId, upTo: number): Promise<void> {
    const { messages, assetReferences, clock } = this.#parts;
    await messages.dropBuckets(id, seq(upTo));
    const lastDropped = bucketOf(upTo + 1) * bucketSize - 1;
    if (lastDropped > 0) await assetReferences.dropUpTo(id, seq(lastDropped), clock.now());
  }

  /** The end of the newest full bucket whose last entry is too old. */
  async #agedUpTo(id: ConversationId, head: number): Promise<number> {
    const before = this.#parts.clock.now() - maxAgeMs;
    const at = (first: number, last: number) =>
      this.#parts.messages.read([
        { conversation: id, first: seq(first), last: seq(last), from: 'oldest', limit: 1 },
      ]);
    const [[oldest] = []] = await at(1, head);
    let upTo = 0;
    for (let bucket = bucketOf(oldest?.seq ?? head); (bucket + 1) * bucketSize - 1 <= head; bucket += 1) {
      const last = (bucket + 1) * bucketSize - 1;
      const [[entry] = []] = await at(last, last);
      if (!entry || entry.sentAt >= before) break;
      upTo = last;
    }
    return upTo;
  }
}

/** A conversation that nobody is in any more is kept until it is old: past members may read their part. */
function deliveredToAll(record: ConversationRecord | undefined, marks: readonly Watermark[]): number {
  if (!record) return 0;
  const view = viewOf(record);
  const stands = new Map(marks.map((mark) => [mark.user, mark]));
  if (conversationKind(record.id) === 'direct' && stands.size < 2) return 0;
  return new Minima(view, stands).lowest.delivered;
}
