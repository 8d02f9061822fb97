import type { Draft } from './draft.ts';
import type { LocalEntry } from './local-store.ts';
import { asDuplicate } from './rows.ts';

/**
 * SEND3: of several entries of one send the lowest counts, whatever the order in which this device gets to know them. A later
 * copy of an effect that was applied before the first was known can't be taken back from the row: its message is read anew.
 */
export async function voidDuplicates(draft: Draft): Promise<void> {
  const firsts = new Map<string, LocalEntry>();
  for (const { now } of draft.cells.values()) {
    if (now.send !== '') meet(draft, firsts, now);
  }
  if (firsts.size === 0 || !draft.before?.row.ranges.length) return;
  const held = await draft.context.store.entriesBySend(draft.id, [...firsts.keys()]);
  for (const row of held) {
    if (!draft.cells.has(row.seq)) meet(draft, firsts, row);
  }
}

function meet(draft: Draft, firsts: Map<string, LocalEntry>, row: LocalEntry): void {
  const known = firsts.get(row.send);
  if (!known || known.seq === row.seq) {
    firsts.set(row.send, row);
    return;
  }
  const [first, later] = known.seq < row.seq ? [known, row] : [row, known];
  firsts.set(row.send, first);
  if (later.duplicate) return;
  const wasHeld = !draft.cells.has(later.seq);
  if (wasHeld && later.target !== undefined) draft.reread.add(later.target);
  draft.put(asDuplicate(later), wasHeld ? later : null);
}
