import type { Seq, Timestamp, UserId } from '@tidings/api/ids';
import type { MessageRow } from '../../engine/message-rows';
import { dayOf } from '../time/days';

/** A row and what its neighbours make of it. Its height depends on the row before it only, never on the one after. */
export type Line = {
  readonly key: string;
  readonly row: MessageRow;
  readonly sender: UserId;
  /** When it was sent; of a waiting one, by this device's clock but never on an earlier day than the line before. */
  readonly at: Timestamp;
  /** Set on the first line of a day. */
  readonly opensDay: boolean;
  readonly day: string;
  /** How many unread messages begin here; 0 where the divider doesn't stand. */
  readonly unreadFromHere: number;
  /** The first of a group of messages by one person: shows who it is. */
  readonly first: boolean;
  /** The last of its group: has the tail. */
  readonly last: boolean;
};

/** Where the divider stands. It is decided once, when the conversation is opened, and doesn't move while one reads. */
export type Divider = { readonly after: Seq; readonly count: number };

/** Messages of one person that follow each other within this time belong together. */
const groupMs = 5 * 60_000;

/**
 * Rows as they are shown. With `moreAbove`, the first row only tells what the second looks like: otherwise a line that is
 * on the screen would change its height when older ones come before it.
 */
export function makeLines(
  rows: readonly MessageRow[],
  { self, divider, moreAbove }: { self: UserId; divider: Divider | null; moreAbove: boolean },
): readonly Line[] {
  const lines: Line[] = [];
  // Where older rows are missing, the first unread one may be among them: then the divider isn't in this window.
  let divided = divider === null || (moreAbove && (rows[0]?.seq ?? 0) > divider.after);
  let before: Line | undefined;
  for (const [index, row] of rows.entries()) {
    const draft = bare(row, self, before);
    const opensDay = draft.day !== before?.day;
    const divides = !divided && divider !== null && startsUnread(row, divider, self);
    divided ||= divides;
    const first = !before || opensDay || divides || !belongTogether(before, draft);
    const line: Line = {
      ...draft,
      opensDay,
      first,
      last: true,
      unreadFromHere: divides && divider ? divider.count : 0,
    };
    if (before && !first) lines[index - 1] = { ...before, last: false };
    lines.push(line);
    before = line;
  }
  return moreAbove && lines.length > 1 ? lines.slice(1) : lines;
}

export const isMessage = (row: MessageRow): boolean =>
  row.type === 'outbox' || (row.entry.kind === 'message' && !row.entry.deleted);

/** A line of its own that isn't somebody's message: a change of the group, a kind that this version doesn't know. */
export const isNotice = (row: MessageRow): boolean => row.type === 'entry' && row.entry.kind !== 'message';

function bare(row: MessageRow, self: UserId, before: Line | undefined) {
  const sender = row.type === 'outbox' ? self : row.entry.sender;
  const sentAt = row.type === 'outbox' ? row.item.createdAt : row.entry.sentAt;
  const waitsBehind = row.type === 'outbox' && before !== undefined && dayOf(sentAt) < before.day;
  const at = waitsBehind ? before.at : sentAt;
  return { key: row.key, row, sender, at, day: dayOf(at) };
}

function startsUnread(row: MessageRow, divider: Divider, self: UserId): boolean {
  return row.type === 'entry' && row.seq > divider.after && isMessage(row) && row.entry.sender !== self;
}

function belongTogether(before: Line, next: Pick<Line, 'row' | 'sender' | 'at'>): boolean {
  if (isNotice(before.row) || isNotice(next.row)) return false;
  return before.sender === next.sender && Math.abs(next.at - before.at) < groupMs;
}
