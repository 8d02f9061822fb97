import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { LocalConversation, SeqRange } from '@tidings/client/local-store';
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
  /** Whether the view stands at the end and wants to stay there. */
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
  const span = settle(query.span, range, isNewest(conversation, range));
  const lines = await readLines(reads, query, { span, lowest, range });
  const first = lines[0]?.seq ?? (span.lower === null ? seq(range.last + 1) : atLeast(span.lower, lowest));
  const older = first > lowest ? await reads.lines(id, lowest, seq(first - 1), 'newest', 1) : [];
  const hasOlder = older.length > 0 || range.first > beginning(conversation);
  if (span.type === 'end') {
    return {
      span: { type: 'end', lower: lines.length > 0 ? first : null },
      rows: makeRows(lines, waiting, own),
      hasOlder,
      hasNewer: false,
    };
  }
  const newer =
    span.upper < range.last ? await reads.lines(id, seq(span.upper + 1), range.last, 'oldest', 1) : [];
  const effects = waiting.filter((item) => item.kind !== 'message');
  return {
    span,
    rows: makeRows(lines, effects, own),
    hasOlder,
    hasNewer: newer.length > 0 || range.last < conversation.head,
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
  const { conversation, page, most } = query;
  const { span, lowest, range } = at;
  if (span.type === 'fixed')
    return reads.lines(conversation, atLeast(span.lower, lowest), span.upper, 'oldest', most);
  if (span.lower === null) return reads.lines(conversation, lowest, range.last, 'newest', page);
  return reads.lines(conversation, atLeast(span.lower, lowest), range.last, 'newest', most);
}

/** The first position that this user may see and hasn't cleared. */
export const beginning = (conversation: LocalConversation): Seq =>
  seq(Math.max(1, conversation.joinedSeq, conversation.clearedSeq + 1));

export const rangeAround = (conversation: LocalConversation, at: Seq): SeqRange | null =>
  conversation.ranges.find((range) => range.first <= at && at <= range.last) ?? null;

export const isNewest = (conversation: LocalConversation, range: SeqRange): boolean =>
  conversation.ranges.at(-1)?.last === range.last;

export const atLeast = (a: Seq, b: Seq): Seq => (a > b ? a : b);
