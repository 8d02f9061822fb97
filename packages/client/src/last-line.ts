import { seq } from '@tidings/api/ids';
import type { Head } from '@tidings/api/sync';
import { floorOf } from './conversation-row.ts';
import type { Draft } from './draft.ts';
import type { LocalEntry } from './local-store.ts';
import { previous } from './ranges.ts';
import { rowOf } from './rows.ts';

const searchPage = 50;
const searchPages = 20;

/** The newest line of the conversation as the list shows it: held, or told by the server's head before anything is. */
export async function lastLineOf(draft: Draft, newest: Head | undefined): Promise<LocalEntry | null> {
  const floor = floorOf(draft.row);
  let best = draft.row.last;
  if (newest?.last && newest.last.seq > (best?.seq ?? 0)) best = rowOf(newest.last, draft.kept);
  const known = best && draft.cells.get(best.seq)?.now;
  if (known) best = known;
  for (const { now } of draft.cells.values()) {
    if (now.visible === 1 && now.seq > (best?.seq ?? 0)) best = now;
  }
  if (!best) return null;
  if (best.visible === 1 && best.seq >= floor && best.seq <= draft.end) return best;
  return findBelow(draft, best.seq);
}

/** The line that was last shows no more: hidden, or a copy of another. */
async function findBelow(draft: Draft, end: number): Promise<LocalEntry | null> {
  const floor = floorOf(draft.row);
  let to = previous(seq(Math.min(end, draft.end)));
  for (let page = 0; page < searchPages && to >= floor; page += 1) {
    const rows = await draft.context.store.entries(draft.id, floor, to, 'newest', searchPage);
    const found = rows.map((row) => draft.cells.get(row.seq)?.now ?? row).findLast((row) => row.visible === 1);
    if (found) return found;
    const lowest = rows[0]?.seq;
    if (lowest === undefined || rows.length < searchPage) return null;
    to = previous(lowest);
  }
  return null;
}
