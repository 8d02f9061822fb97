import type { ConversationId, Seq } from '@tidings/api/ids';
import { seq } from '@tidings/api/ids';
import { floorOf } from './conversation-row.ts';
import type { Held } from './draft.ts';
import type { SeqRange } from './local-store.ts';
import { holesIn, later, next, previous } from './ranges.ts';

/** A piece of a log to be read: no larger than a call may be. */
export type Want = SeqRange & {
  readonly conversationId: ConversationId;
  /** 0: its newest page · 1: the rest of what must be read · 2: nice to have. Lower goes first. */
  readonly round: 0 | 1 | 2;
};

/** Positions of the newest page of a chat, and of each further piece. */
export const pageSize = 50;
const pieceSize = 500;
/** A fresh device reads up to so many positions so that its unread count is its own (INV6). */
export const unreadReach = 200;

/** SYNC4: what must be read: everything above what was synced, the newest page first. */
export function dueWants({ row, synced }: Held): Want[] {
  const wants: Want[] = [];
  const first = later(next(synced), floorOf(row));
  for (const hole of [...holesIn(row.ranges, first, row.head)].reverse()) {
    wants.push(...pieces(row.conversationId, hole, hole.last === row.head));
  }
  return wants;
}

/** Of a chat that is likely to be opened: its newest page, and what is unread when it isn't much. */
export function recentWants({ row }: Held): Want[] {
  const unread = Math.min(row.head - row.read, unreadReach);
  const first = later(floorOf(row), seq(Math.max(0, row.head - Math.max(pageSize, unread)) + 1));
  return holesIn(row.ranges, first, row.head).map((hole) => ({
    ...hole,
    conversationId: row.conversationId,
    round: 2,
  }));
}

/** From the newest down: positions are dense, so the pieces are known before any of them is read. */
function pieces(conversationId: ConversationId, hole: SeqRange, newest: boolean): Want[] {
  const wants: Want[] = [];
  let last: Seq = hole.last;
  while (last >= hole.first) {
    const isPage = newest && wants.length === 0;
    const first = later(hole.first, seq(Math.max(0, last - (isPage ? pageSize : pieceSize)) + 1));
    wants.push({ conversationId, first, last, round: isPage ? 0 : 1 });
    last = previous(first);
    if (first <= 1) break;
  }
  return wants;
}
