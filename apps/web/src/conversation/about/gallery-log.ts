import { parseContent } from '@tidings/api/content';
import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import type { LocalReads } from '../../engine/device-store';
import type { Found } from '../media/media-log';

export type GallerySources = {
  readonly reads: Pick<LocalReads, 'conversation' | 'lines'>;
  /** As the engine's: makes what is below `before` local; false when there is nothing. */
  loadOlder(before: Seq): Promise<boolean>;
};

const pageLines = 200;

/**
 * All messages of a conversation, the newest first, a page at a time. What this device doesn't hold is brought here on the way; without
 * a line the step that needs one rejects with `unavailable`, and can be tried again.
 */
export class GalleryLog {
  readonly #sources: GallerySources;
  readonly #id: ConversationId;
  /** The highest position that wasn't looked at. */
  #at: number | null = null;

  constructor(sources: GallerySources, id: ConversationId) {
    this.#sources = sources;
    this.#id = id;
  }

  /** `null` at the beginning of the conversation. */
  async next(): Promise<readonly Found[] | null> {
    const held = await this.#held();
    if (!held) return null;
    const { low, at } = held;
    const lines = await this.#sources.reads.lines(this.#id, seq(low), seq(at), 'newest', pageLines);
    const lowest = lines.length < pageLines ? low : (lines[0]?.seq ?? low);
    this.#at = lowest - 1;
    return lines
      .toReversed()
      .flatMap((entry) =>
        entry.kind === 'message' && !entry.deleted ? [{ entry, content: parseContent(entry.content) }] : [],
      );
  }

  /** From where to where this device holds the log without a gap, below what was looked at. */
  async #held(): Promise<{ readonly low: number; readonly at: number } | null> {
    const { reads, loadOlder } = this.#sources;
    for (const attempt of ['as it is', 'after loading']) {
      const chat = await reads.conversation(this.#id);
      if (!chat) return null;
      const at = this.#at ?? lastOf(chat);
      const floor = Math.max(chat.clearedSeq, chat.joinedSeq - 1);
      if (at <= floor) return null;
      const range = chat.ranges.find(({ first, last }) => first <= at && at <= last);
      if (range) return { low: Math.max(range.first, floor + 1), at };
      if (attempt === 'after loading' || !(await loadOlder(seq(at + 1)))) return null;
    }
    return null;
  }
}

/** For who was removed, the log ends there. */
const lastOf = ({ head, removedSeq }: LocalConversation): number => Math.min(head, removedSeq ?? head);
