import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, conversationKind, type Seq, seq } from '@tidings/api/ids';
import { type MessageInfo, maxPage, type RangePage, type ReadRange } from '@tidings/api/message';
import type { Caller } from '@tidings/api/trpc';
import type { MessageStore } from '@tidings/db/message-store/port';
import type { WatermarkStore } from '@tidings/db/watermark-store/port';
import { mayRead } from './access.ts';
import type { Erasure } from './erasure.ts';
import type { LogReader } from './log-reader.ts';
import { withEffects } from './page-effects.ts';
import type { Access, Logger, Profiles } from './parts.ts';
import { readsAreShown } from './shown-reads.ts';
import type { TailCache } from './tail-cache.ts';
import { domainErrorFrom } from './trouble.ts';

/** About what one answer of `read` may hold; each range gets its share. */
const maxAnswerBytes = 2_000_000;

export type MessageReadingParts = {
  readonly access: Access;
  readonly profiles: Profiles;
  readonly messages: MessageStore;
  readonly watermarks: WatermarkStore;
  readonly reader: LogReader;
  readonly tails: TailCache;
  readonly logger: Logger;
  readonly erasure: Erasure;
};

/** The reading half of the message service: pages of logs, cut to what the caller may read, and who has a message. */
export class MessageReading {
  readonly #parts: MessageReadingParts;

  constructor(parts: MessageReadingParts) {
    this.#parts = parts;
  }

  async read(caller: Caller, ranges: readonly ReadRange[]): Promise<readonly RangePage[]> {
    const maxBytes = Math.floor(maxAnswerBytes / ranges.length);
    let left = maxPage;
    const limits = ranges.map((range, index) => {
      const limit = Math.max(1, Math.min(range.limit, left - (ranges.length - 1 - index)));
      left -= limit;
      return limit;
    });
    return Promise.all(
      ranges.map((range, index) =>
        this.#readRange(caller, { ...range, limit: limits[index] as number }, maxBytes),
      ),
    );
  }

  async #readRange(caller: Caller, range: ReadRange, maxBytes: number): Promise<RangePage> {
    const { conversationId, from, limit } = range;
    try {
      const { membership } = await this.#parts.access.require(caller.userId, conversationId, 'read');
      const head = (await this.#parts.reader.head(conversationId)).seq;
      const upTo = membership.removedSeq === null ? head : seq(Math.min(head, membership.removedSeq));
      const first = Math.max(range.first, membership.joinedSeq, 1);
      const last = Math.min(range.last, upTo);
      const page = await this.#parts.reader.page({
        conversation: conversationId,
        first,
        last,
        from,
        limit,
        maxBytes,
        head,
      });
      const full = await withEffects(this.#parts, page, {
        conversation: conversationId,
        upTo,
        from,
        maxBytes,
      });
      return { conversationId, head: upTo, ...full, entries: [...full.entries], effects: [...full.effects] };
    } catch (cause) {
      const first = seq(Math.max(1, range.first));
      return {
        conversationId,
        first,
        last: seq(first - 1),
        head: seq(0),
        entries: [],
        effects: [],
        error: domainErrorFrom(cause, this.#parts.logger).code,
      };
    }
  }

  async info(caller: Caller, conversationId: ConversationId, position: Seq): Promise<MessageInfo> {
    const { access, profiles, reader, watermarks } = this.#parts;
    const { view, membership } = await access.require(caller.userId, conversationId, 'read');
    const entry = mayRead(membership, position) ? await reader.entry(conversationId, position) : undefined;
    if (!view || entry?.kind !== 'message') throw new TidingsError('not-found');
    if (entry.sender !== caller.userId) throw new TidingsError('not-allowed', "somebody else's message");
    const others = view.current.filter(
      (user) => user !== caller.userId && mayRead(view.memberships.get(user)!, position),
    );
    const [times, showsReads] = await Promise.all([
      watermarks.timesAt(conversationId, position),
      conversationKind(conversationId) === 'group' || readsAreShown(profiles, conversationId),
    ]);
    const byUser = new Map(times.map((time) => [time.user, time]));
    const members = others.map((userId) => {
      const time = byUser.get(userId);
      return {
        userId,
        deliveredAt: time?.deliveredAt ?? null,
        readAt: showsReads ? (time?.readAt ?? null) : null,
      };
    });
    return { sentAt: entry.sentAt, members };
  }
}
