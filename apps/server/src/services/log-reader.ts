import type { Clock } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import { type ConversationId, type Seq, seq, trustedUserId } from '@tidings/api/ids';
import {
  bucketOf,
  bucketSize,
  type MessageStore,
  type Span,
  type Tail,
} from '@tidings/db/message-store/port';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { TailCache } from './tail-cache.ts';

/** How long a writer may take between its position and its entry before a reader seals the position (LOG4). */
export const graceMs = 1_000;
/** Positions that one read of the store asks for: what bounds the memory of a page of large entries. */
const chunkSize = 512;
/** Who "wrote" a sealed position: no user, since ids that the server gives are 22 random characters. */
const nobody = trustedUserId('sealed--');

export type PageQuery = {
  readonly conversation: ConversationId;
  /** Wanted positions, both included; `last` is at most the head. */
  readonly first: number;
  readonly last: number;
  readonly from: 'oldest' | 'newest';
  readonly limit: number;
  readonly maxBytes: number;
  readonly head: Seq;
};

/** Complete and final: each position of first..last, ascending. Empty when `last < first`. */
export type Page = {
  readonly first: Seq;
  readonly last: Seq;
  readonly entries: readonly Entry[];
  /** A hole that may still fill stands behind `last`: the same read gets further after this long. */
  readonly holeRetryMs?: number;
};

export type LogReaderOptions = {
  /** Set where retention drops buckets: an empty bucket below the head's is then gone, not a row of holes. */
  readonly dropsBuckets: boolean;
};

type Chunk = {
  readonly entries: readonly Entry[];
  readonly youngHole: { readonly at: number; readonly retryMs: number } | null;
};

/** Reads logs so that nothing can appear later below what was read: a hole is waited for, then sealed. */
export class LogReader {
  readonly #messages: MessageStore;
  readonly #clock: Clock;
  readonly #tails: TailCache;
  readonly #options: LogReaderOptions;
  readonly #spans: DataLoader<Span, readonly Entry[]>;
  readonly #heads: DataLoader<ConversationId, Tail>;
  /** When a hole was first met here: the clock of whoever wrote above it may be ahead of ours. */
  readonly #met = new LRUCache<string, number>({ max: 10_000 });

  constructor(
    parts: { readonly messages: MessageStore; readonly clock: Clock; readonly tails: TailCache },
    options: LogReaderOptions,
  ) {
    this.#messages = parts.messages;
    this.#clock = parts.clock;
    this.#tails = parts.tails;
    this.#options = options;
    this.#spans = new DataLoader((spans) => parts.messages.read(spans), { cache: false, maxBatchSize: 128 });
    this.#heads = new DataLoader((ids) => parts.messages.heads(ids), { cache: false, maxBatchSize: 128 });
  }

  /** The highest written position and when it was written, as the store says now. Concurrent calls share one. */
  head(conversation: ConversationId): Promise<Tail> {
    return this.#heads.load(conversation);
  }

  heads(conversations: readonly ConversationId[]): Promise<readonly Tail[]> {
    return Promise.all(conversations.map((id) => this.#heads.load(id)));
  }

  /** One cell, written or not. */
  async entry(conversation: ConversationId, position: Seq): Promise<Entry | undefined> {
    const cached = this.#tails.get(conversation, position);
    if (cached) return cached;
    return (await this.written(conversation, position, position, 'oldest', 1))[0];
  }

  /** As {@link entry}, as the store has it now: another process may have redacted what is cached here. */
  async storedEntry(conversation: ConversationId, position: Seq): Promise<Entry | undefined> {
    const [entry] = await this.written(conversation, position, position, 'oldest', 1);
    if (entry?.deleted) this.#tails.redact(conversation, position);
    return entry;
  }

  /** What is written in first..last, holes left out: for showing, never for moving a cursor. */
  written(
    conversation: ConversationId,
    first: number,
    last: number,
    from: 'oldest' | 'newest',
    limit: number,
  ): Promise<readonly Entry[]> {
    return this.#spans.load({ conversation, first: seq(first), last: seq(last), from, limit });
  }

  async page(query: PageQuery): Promise<Page> {
    const wanted = spanOf(query, query.first);
    const cached = this.#tails.range(query.conversation, wanted.first, wanted.last);
    if (cached) return trimmed(query, cached);
    const span = this.#options.dropsBuckets ? spanOf(query, await this.#floor(query)) : wanted;
    if (span.last < span.first) return nothing(query.first);
    return query.from === 'oldest' ? this.#upwards(query, span) : this.#downwards(query, span);
  }

  async #upwards(query: PageQuery, span: Bounds): Promise<Page> {
    const entries: Entry[] = [];
    let bytes = 0;
    for (let first = span.first; first <= span.last; first += chunkSize) {
      const chunk = await this.#chunk(query.conversation, first, Math.min(span.last, first + chunkSize - 1));
      entries.push(...chunk.entries);
      if (chunk.youngHole) return trimmed(query, entries, chunk.youngHole, span.first);
      bytes += bytesOf(chunk.entries);
      if (bytes >= query.maxBytes) break;
    }
    return trimmed(query, entries);
  }

  async #downwards(query: PageQuery, span: Bounds): Promise<Page> {
    let entries: Entry[] = [];
    let bytes = 0;
    for (let last = span.last; last >= span.first; last -= chunkSize) {
      const chunk = await this.#chunk(query.conversation, Math.max(span.first, last - chunkSize + 1), last);
      // What was collected stands above the hole: a page ends before it (LOG5).
      if (chunk.youngHole)
        return trimmed(query, chunk.entries, chunk.youngHole, Math.max(span.first, last - chunkSize + 1));
      entries = [...chunk.entries, ...entries];
      bytes += bytesOf(chunk.entries);
      if (bytes >= query.maxBytes) break;
    }
    return trimmed(query, entries);
  }

  /** The lowest wanted position that retention has left. Buckets go lowest first, so what is left is found by halving. */
  async #floor({ conversation, first, head }: PageQuery): Promise<number> {
    let low = bucketOf(first);
    let high = bucketOf(head);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [any] = await this.written(
        conversation,
        middle * bucketSize,
        (middle + 1) * bucketSize - 1,
        'oldest',
        1,
      );
      if (any) high = middle;
      else low = middle + 1;
    }
    return Math.max(first, low * bucketSize);
  }

  /** Everything from `first` up to `last`, or up to the first hole that is too young to seal. */
  async #chunk(conversation: ConversationId, first: number, last: number): Promise<Chunk> {
    for (;;) {
      const entries = await this.written(conversation, first, last, 'oldest', last - first + 1);
      const holes = holesIn(entries, first, last);
      if (holes.length === 0) {
        this.#tails.put(entries);
        return { entries, youngHole: null };
      }
      const at = holes[0] as number;
      const retryMs = graceMs - (await this.#ageOf(conversation, at, entries));
      if (retryMs > 0)
        return { entries: entries.filter((entry) => entry.seq < at), youngHole: { at, retryMs } };
      await this.#seal(conversation, await this.#oldOf(conversation, holes, entries));
    }
  }

  async #oldOf(
    conversation: ConversationId,
    holes: readonly number[],
    entries: readonly Entry[],
  ): Promise<readonly number[]> {
    const old: number[] = [];
    for (const hole of holes) {
      if ((await this.#ageOf(conversation, hole, entries)) < graceMs) break;
      old.push(hole);
    }
    return old;
  }

  /**
   * A hole is at least as old as what is written above it, whose writer asked for its position later. That time is by another
   * clock perhaps, so a hole that was met here long enough ago counts as old as well. Sealing too early would be no loss:
   * the slow writer fails and appends again.
   */
  async #ageOf(conversation: ConversationId, hole: number, entries: readonly Entry[]): Promise<number> {
    const now = this.#clock.now();
    const key = `${conversation}/${hole}`;
    const met = this.#met.get(key) ?? now;
    this.#met.set(key, met);
    const above =
      entries.find((entry) => entry.seq > hole) ??
      (await this.written(conversation, hole + 1, (await this.head(conversation)).seq, 'oldest', 1))[0];
    return Math.max(now - met, above ? now - above.sentAt : 0);
  }

  /** Either the void wins the cell or the slow writer did; the caller reads again and sees which. */
  async #seal(conversation: ConversationId, holes: readonly number[]): Promise<void> {
    const sentAt = this.#clock.now();
    await this.#messages.append(
      holes.map((hole) => ({
        conversationId: conversation,
        seq: seq(hole),
        kind: 'void',
        sender: nobody,
        sentAt,
        content: '',
      })),
    );
  }
}

type Bounds = { readonly first: number; readonly last: number };

/** Since the log has no gaps, `limit` entries are `limit` positions. */
function spanOf({ from, last, limit, first: wanted }: PageQuery, floor: number): Bounds {
  const first = Math.max(wanted, floor);
  if (from === 'oldest') return { first, last: Math.min(last, first + limit - 1) };
  return { first: Math.max(first, last - limit + 1), last };
}

const nothing = (first: number): Page => ({
  first: seq(first),
  last: seq(Math.max(0, first - 1)),
  entries: [],
});

/** Cut to the limit and to the bytes that are allowed, but never to nothing. */
function trimmed(
  query: PageQuery,
  entries: readonly Entry[],
  hole: Chunk['youngHole'] = null,
  first = query.first,
): Page {
  const retry = hole ? { holeRetryMs: hole.retryMs } : {};
  if (entries.length === 0) return { ...nothing(hole ? hole.at : first), ...retry };
  const kept =
    query.from === 'oldest'
      ? withinBytes(entries, query.maxBytes)
      : withinBytes([...entries].reverse(), query.maxBytes).reverse();
  const complete = kept.length === entries.length || query.from === 'newest';
  return { first: kept[0]!.seq, last: kept.at(-1)!.seq, entries: kept, ...(complete ? retry : {}) };
}

function withinBytes(entries: readonly Entry[], maxBytes: number): Entry[] {
  let bytes = 0;
  const end = entries.findIndex((entry, index) => {
    bytes += wireBytes(entry);
    return index > 0 && bytes > maxBytes;
  });
  return entries.slice(0, end < 0 ? entries.length : end);
}

function holesIn(entries: readonly Entry[], first: number, last: number): number[] {
  const holes: number[] = [];
  let next = first;
  for (const entry of entries) {
    for (; next < entry.seq; next += 1) holes.push(next);
    next = entry.seq + 1;
  }
  for (; next <= last; next += 1) holes.push(next);
  return holes;
}

/** About what an entry takes on the wire. */
export const wireBytes = (entry: Entry): number => entry.content.length + 300;
const bytesOf = (entries: readonly Entry[]): number =>
  entries.reduce((sum, entry) => sum + wireBytes(entry), 0);
