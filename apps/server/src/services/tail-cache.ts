import type { Entry } from '@tidings/api/entry';
import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import { LRUCache } from 'lru-cache';
import { CacheUse } from './cache-use.ts';

/** Positions kept per conversation. */
const ringSize = 128;
/** Entries with more content are read from the store each time: a few of them would push out everything else. */
const maxContentLength = 16 * 1024;
/** What an entry costs besides its content, roughly. */
const entryBytes = 400;

type Ring = { readonly slots: (Entry | undefined)[]; readonly top: Seq; readonly bytes: number };

/**
 * The newest entries of the conversations in use. A cell is written once, so what is here is true for ever (redaction excepted,
 * which is told by {@link redact}); what isn't here may still exist. Position p stands in slot p mod 128.
 */
export class TailCache {
  /** Entries and ranges that were asked for. */
  readonly cacheUse = new CacheUse();
  readonly #rings: LRUCache<ConversationId, Ring>;

  constructor(options: { readonly maxBytes: number }) {
    this.#rings = new LRUCache({ maxSize: options.maxBytes });
  }

  put(entries: readonly Entry[]): void {
    for (const entry of entries) this.#put(entry);
  }

  /** The highest position seen, at most the head; 0 when nothing was. */
  top(conversation: ConversationId): Seq {
    return this.#rings.peek(conversation)?.top ?? seq(0);
  }

  get(conversation: ConversationId, position: number): Entry | undefined {
    const entry = this.#rings.get(conversation)?.slots[position % ringSize];
    const isHere = entry?.seq === position;
    this.cacheUse.count(isHere);
    return isHere ? entry : undefined;
  }

  /** All entries of first..last, or `null` when one of them isn't here. */
  range(conversation: ConversationId, first: number, last: number): Entry[] | null {
    if (last < first) return [];
    const entries = this.#range(conversation, first, last);
    this.cacheUse.count(entries !== null);
    return entries;
  }

  #range(conversation: ConversationId, first: number, last: number): Entry[] | null {
    if (last - first >= ringSize) return null;
    const slots = this.#rings.get(conversation)?.slots;
    if (!slots) return null;
    const entries: Entry[] = [];
    for (let position = first; position <= last; position += 1) {
      const entry = slots[position % ringSize];
      if (entry?.seq !== position) return null;
      entries.push(entry);
    }
    return entries;
  }

  redact(conversation: ConversationId, position: number): void {
    const ring = this.#rings.peek(conversation);
    const entry = ring?.slots[position % ringSize];
    if (ring && entry?.seq === position) ring.slots[position % ringSize] = redacted(entry);
  }

  #put(entry: Entry): void {
    const { slots, top, bytes } = this.#rings.get(entry.conversationId) ?? empty();
    const slot = entry.seq % ringSize;
    const before = slots[slot];
    const fits = entry.content.length <= maxContentLength && (before === undefined || before.seq < entry.seq);
    if (fits) slots[slot] = entry;
    const size = fits ? bytes + sizeOf(entry) - (before ? sizeOf(before) : 0) : bytes;
    // A new object each time: the cache takes note of a size only when the value is another.
    this.#rings.set(
      entry.conversationId,
      { slots, top: entry.seq > top ? entry.seq : top, bytes: size },
      { size },
    );
  }
}

const empty = (): Ring => ({ slots: [], top: seq(0), bytes: entryBytes });

const sizeOf = (entry: Entry): number => entryBytes + entry.content.length * 2;

/** What is left of an entry that was deleted for everyone. */
export const redacted = (entry: Entry): Entry =>
  entry.deleted ? entry : { ...entry, content: '', deleted: true };
