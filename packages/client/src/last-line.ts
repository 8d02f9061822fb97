import { type Seq, seq } from '@tidings/api/ids';
import type { Head } from '@tidings/api/sync';
import { floorOf } from './conversation-row.ts';
import type { Draft } from './draft.ts';
import type { LocalEntry } from './local-store.ts';
import { holds, previous } from './ranges.ts';
import { rowOf } from './rows.ts';

const searchPage = 50;
const searchPages = 20;

/** The newest line of the conversation as the list shows it: held, or told by the server's head before anything is. */
export async function lastLineOf(draft: Draft, newest: Head | undefined): Promise<LocalEntry | null> {
  const known = knownLine(draft, newest);
  const fresh = newestCell(draft);
  if (known && shows(draft, known)) return fresh && fresh.seq > known.seq ? fresh : known;
  if (!known || (fresh && fresh.seq > known.seq)) return fresh;
  const below = await findBelow(draft, seq(Math.min(known.seq - 1, draft.end)));
  return fresh && fresh.seq > (below?.seq ?? 0) ? fresh : below;
}

/** What was the last line, as it is now. */
function knownLine(draft: Draft, newest: Head | undefined): LocalEntry | null {
  const { last } = draft.row;
  const told = newest?.last;
  // Where this device holds the position, it knows better: to the server a second copy of a send is a line as well.
  if (told && told.seq > (last?.seq ?? 0) && !holds(draft.ranges, told.seq)) return rowOf(told, draft.kept);
  return (last && draft.cells.get(last.seq)?.now) ?? last;
}

function newestCell(draft: Draft): LocalEntry | null {
  let best: LocalEntry | null = null;
  for (const { now } of draft.cells.values()) {
    if (now.seq > (best?.seq ?? 0) && shows(draft, now)) best = now;
  }
  return best;
}

const shows = (draft: Draft, row: LocalEntry): boolean =>
  row.visible === 1 && row.seq >= floorOf(draft.row) && row.seq <= draft.end;

/** The line that was last shows no more: hidden, out of bounds, or a copy of another. */
async function findBelow(draft: Draft, from: Seq): Promise<LocalEntry | null> {
  const floor = floorOf(draft.row);
  let to = from;
  for (let page = 0; page < searchPages && to >= floor; page += 1) {
    const rows = await draft.context.store.entries(draft.id, floor, to, 'newest', searchPage);
    const found = rows
      .map((row) => draft.cells.get(row.seq)?.now ?? row)
      .findLast((row) => shows(draft, row));
    if (found) return found;
    const lowest = rows[0]?.seq;
    if (lowest === undefined || rows.length < searchPage) return null;
    to = previous(lowest);
  }
  return null;
}
