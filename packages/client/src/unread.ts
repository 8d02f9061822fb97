import { countsFor } from '@tidings/api/entry';
import { type Seq, seq } from '@tidings/api/ids';
import type { Head } from '@tidings/api/sync';
import { floorOf } from './conversation-row.ts';
import type { Draft } from './draft.ts';
import type { LocalConversation, LocalEntry } from './local-store.ts';
import { covers, later, next } from './ranges.ts';

/** Beyond this a badge says "or more". */
export const mostUnread = 1_000;

/**
 * INV6: how many messages by others, not deleted nor hidden, stand above the read mark. Exact where all of them are held;
 * counted along as entries come and change, and counted anew only when that isn't enough. Where they aren't held, the server's
 * figure and what came since.
 */
export async function unreadOf(draft: Draft, newest: Head | undefined): Promise<number> {
  const { row, before } = draft;
  const after = unreadFrom(row);
  if (after > row.head) return 0;
  const exact = covers(draft.ranges, after, row.head);
  const was = before && isExact(before.row);
  const moved = !before || unreadFrom(before.row) !== after;
  if (exact && was && !moved && !hasDropped(draft, after) && before.row.unread < mostUnread)
    return before.row.unread + change(draft, after);
  if (exact) return count(draft, after, row.head);
  if (newest && newest.read >= row.read)
    return capped(newest.unread + (await count(draft, later(after, next(newest.head)), row.head)));
  return estimate(draft, after, moved);
}

const unreadFrom = (row: LocalConversation): Seq => later(next(row.read), floorOf(row));

const isExact = (row: LocalConversation): boolean => covers(row.ranges, unreadFrom(row), row.head);

/** What was counted is let go: read beyond an end that only became known now (INV8), or to make room. No cell tells of it. */
const hasDropped = (draft: Draft, after: Seq): boolean => draft.dropped.some(({ last }) => last >= after);

/** What the draft's cells change in the number of unread at or above `after`. */
function change(draft: Draft, after: Seq): number {
  let sum = 0;
  for (const { was, now } of draft.cells.values()) {
    if (now.seq < after) continue;
    sum += Number(isUnread(draft, now)) - Number(was !== null && isUnread(draft, was));
  }
  return sum;
}

/** Of first..last, as it will be stored. */
async function count(draft: Draft, first: Seq, last: Seq): Promise<number> {
  let sum = 0;
  for (const { now } of draft.cells.values()) {
    if (now.seq >= first && now.seq <= last && isUnread(draft, now)) sum += 1;
  }
  for (let from = first; from <= last && sum < mostUnread; ) {
    const rows = await draft.context.store.entries(draft.id, from, last, 'oldest', mostUnread);
    for (const row of rows) if (!draft.cells.has(row.seq) && isUnread(draft, row)) sum += 1;
    const end = rows.at(-1)?.seq;
    if (end === undefined || rows.length < mostUnread) break;
    from = next(end);
  }
  return capped(sum);
}

/** Good until the server's head comes, which is asked for when the mark moved over what isn't held. */
async function estimate(draft: Draft, after: Seq, moved: boolean): Promise<number> {
  const { before, row } = draft;
  if (moved) draft.needHead();
  const known = before?.row.unread ?? row.unread;
  const knownHead = before?.row.head ?? seq(0);
  const seen = before && moved ? await count(draft, unreadFrom(before.row), seq(after - 1)) : 0;
  let sum = known - Math.min(known, seen);
  for (const { was, now } of draft.cells.values()) {
    if (now.seq < after || (was === null && now.seq <= knownHead)) continue;
    sum += Number(isUnread(draft, now)) - Number(was !== null && isUnread(draft, was));
  }
  return capped(Math.max(0, sum));
}

const isUnread = (draft: Draft, row: LocalEntry): boolean =>
  !row.duplicate && !row.hidden && countsFor(row, draft.context.self.userId);

const capped = (count: number): number => Math.min(count, mostUnread);
