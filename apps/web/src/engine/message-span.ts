import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { LocalConversation, LocalEntry, SeqRange } from '@tidings/client/local-store';
import type { LocalReads } from './device-store';
import { type MessageRow, makeRows, type Own } from './message-rows';

/**
 * Which part of a log is shown. `end` follows the newest line; its `lower` is null until a read found out where the last page
 * begins. A span never reaches over a gap in what is local: lines that look adjacent are adjacent.
 */
export type Span =
  | { readonly type: 'end'; readonly lower: Seq | null }
  | { readonly type: 'fixed'; readonly lower: Seq; readonly upper: Seq };

export type SpanContent = {
  /** The span as it stands after this read. */
  readonly span: Span;
  readonly rows: readonly MessageRow[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
};

export type SpanQuery = {
  readonly conversation: ConversationId;
  readonly own: Own;
  readonly span: Span;
  /** Whether the view stands at the end and wants to stay there: then it is the oldest that a full window lets go. */
  readonly following: boolean;
  /** Lines of a first page, and the most that are read. */
  readonly page: number;
  readonly most: number;
};

export async function readSpan(reads: LocalReads, query: SpanQuery): Promise<SpanContent> {
  const { conversation: id, own } = query;
  const [conversation, waiting] = await Promise.all([reads.conversation(id), reads.waiting(id)]);
  const range = conversation && rangeShown(conversation, query);
  if (!conversation || !range) {
    const hasOlder = conversation !== null && conversation.head >= beginning(conversation);
    return { span: query.span, rows: makeRows([], waiting, own), hasOlder, hasNewer: false };
  }
  const lowest = atLeast(range.first, beginning(conversation));
  const newest = isNewest(conversation, range);
  const wanted = settle(query.span, range, newest);
  const lines = await readLines(reads, query, { span: wanted, lowest, range });
  const first = lines[0]?.seq ?? wanted.lower ?? seq(range.last + 1);
  const last = upperEnd(wanted, lines, query) ?? range.last;
  const [older, newer] = await Promise.all([
    first > lowest ? reads.lines(id, lowest, seq(first - 1), 'newest', 1) : [],
    last < range.last ? reads.lines(id, seq(last + 1), range.last, 'oldest', 1) : [],
  ]);
  const hasOlder = older.length > 0 || range.first > beginning(conversation);
  if (newest && newer.length === 0) {
    const lower = lines.length > 0 ? first : null;
    return { span: { type: 'end', lower }, rows: makeRows(lines, waiting, own), hasOlder, hasNewer: false };
  }
  const effects = waiting.filter((item) => item.kind !== 'message');
  return {
    span: { type: 'fixed', lower: first, upper: last },
    rows: makeRows(lines, effects, own),
    hasOlder,
    hasNewer: true,
  };
}

/**
 * After a long absence the newest page comes first, so a gap opens between it and what is shown. A view that follows the end
 * goes with it; one that stands elsewhere keeps its place, and finds the rest by loading newer.
 */
function rangeShown(conversation: LocalConversation, { span, following }: SpanQuery): SeqRange | null {
  const newest = conversation.ranges.at(-1) ?? null;
  if (span.type === 'fixed') return rangeAround(conversation, span.upper) ?? newest;
  if (span.lower === null || following) return newest;
  return rangeAround(conversation, span.lower) ?? newest;
}

function settle(span: Span, range: SeqRange, newest: boolean): Span {
  if (span.type === 'fixed' || span.lower === null) return span;
  if (span.lower < range.first) return { type: 'end', lower: null };
  return newest ? span : { type: 'fixed', lower: span.lower, upper: range.last };
}

function readLines(reads: LocalReads, query: SpanQuery, at: { span: Span; lowest: Seq; range: SeqRange }) {
  const { conversation, page, most, following } = query;
  const { span, lowest, range } = at;
  if (span.lower === null) return reads.lines(conversation, lowest, range.last, 'newest', page);
  const lower = atLeast(span.lower, lowest);
  if (span.type === 'fixed') return reads.lines(conversation, lower, span.upper, 'oldest', most);
  return reads.lines(conversation, lower, range.last, following ? 'newest' : 'oldest', most);
}

/** Where the window ends when that isn't the end of the range: it is full, or was meant to. */
function upperEnd(span: Span, lines: readonly LocalEntry[], query: SpanQuery): Seq | undefined {
  if (span.type === 'fixed') return span.upper;
  return !query.following && lines.length >= query.most ? lines.at(-1)?.seq : undefined;
}

/** The first position that this user may see and hasn't cleared. */
export const beginning = (conversation: LocalConversation): Seq =>
  seq(Math.max(1, conversation.joinedSeq, conversation.clearedSeq + 1));

export const rangeAround = (conversation: LocalConversation, at: Seq): SeqRange | null =>
  conversation.ranges.find((range) => range.first <= at && at <= range.last) ?? null;

export const isNewest = (conversation: LocalConversation, range: SeqRange): boolean =>
  conversation.ranges.at(-1)?.last === range.last;

export const atLeast = (a: Seq, b: Seq): Seq => (a > b ? a : b);
