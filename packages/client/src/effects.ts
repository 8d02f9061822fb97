import type { Entry } from '@tidings/api/entry';
import type { Seq } from '@tidings/api/ids';
import type { Arrivals } from './arrivals.ts';
import { messageKeyOf } from './conversation-row.ts';
import type { ConversationNews, Draft } from './draft.ts';
import type { LocalEntry } from './local-store.ts';
import { holds } from './ranges.ts';
import { type Kept, rebuilt, withEffect, withKept } from './rows.ts';

/** Messages whose effects are remembered while the messages aren't held. */
const maxOrphans = 1_000;

/** INV11: edits, deletions and reactions change the messages that they are about, whichever of the two comes first. */
export async function applyEffects(draft: Draft, arrivals: Arrivals): Promise<void> {
  adopt(draft, arrivals.entries);
  const effects = [...arrivals.entries, ...arrivals.effects].filter(
    (entry) => entry.target !== undefined && counts(draft, entry),
  );
  if (effects.length > 0) {
    await loadTargets(draft, effects);
    for (const effect of effects) applyOne(draft, effect);
  }
  for (const [at, upTo] of arrivals.rebuild) rebuildAt(draft, at, upTo);
}

/** A later copy of a send counts for nothing. */
const counts = (draft: Draft, entry: Entry): boolean => !draft.cells.get(entry.seq)?.now.duplicate;

/** Effects that came before their messages. */
function adopt(draft: Draft, entries: readonly Entry[]): void {
  if (draft.orphans.size === 0) return;
  for (const { seq } of entries) {
    const waiting = draft.orphans.get(seq);
    const row = draft.cells.get(seq)?.now;
    if (!waiting || !row) continue;
    draft.put(waiting.filter((effect) => counts(draft, effect)).reduce(withEffect, row), null);
    draft.orphans.delete(seq);
  }
}

async function loadTargets(draft: Draft, effects: readonly Entry[]): Promise<void> {
  const missing = new Set<Seq>();
  for (const { target } of effects) {
    if (target !== undefined && !draft.cells.has(target) && holds(draft.ranges, target)) missing.add(target);
  }
  await loadRows(draft, missing);
}

/** Reads held rows into the draft, unchanged so far. */
export async function loadRows(draft: Draft, positions: ReadonlySet<Seq>): Promise<void> {
  const rows = await Promise.all([...positions].map((at) => draft.rowAt(at)));
  for (const row of rows) if (row) draft.put(row, row);
}

function applyOne(draft: Draft, effect: Entry): void {
  const target = effect.target as Seq;
  const row = draft.cells.get(target)?.now;
  if (row) draft.put(withEffect(row, effect), row);
  else if (!holds(draft.ranges, target)) orphan(draft, target, effect);
}

function orphan(draft: Draft, target: Seq, effect: Entry): void {
  const last = draft.row.last;
  if (last?.seq === target) draft.row = { ...draft.row, last: withEffect(last, effect) };
  if (effect.kind === 'delete' && target > draft.row.read) draft.needHead();
  const waiting = draft.orphans.get(target) ?? [];
  if (waiting.some((known) => known.seq === effect.seq)) return;
  if (draft.orphans.size >= maxOrphans) draft.orphans.delete(draft.orphans.keys().next().value as Seq);
  draft.orphans.set(target, [...waiting, effect]);
}

function rebuildAt(draft: Draft, at: Seq, upTo: Seq): void {
  const cell = draft.cells.get(at);
  if (cell?.was) cell.now = rebuilt(cell.now, cell.was, upTo);
}

/** `hide` and `star` of single messages: remembered for when they come, applied to those that are held. */
export async function applyKept(draft: Draft, news: ConversationNews): Promise<void> {
  const changed = new Set(news.items.flatMap(({ key }) => messageKeyOf(key)?.seq ?? []));
  if (changed.size === 0) return;
  draft.kept = foldKept(draft.kept, news.items);
  await loadRows(draft, new Set([...changed].filter((at) => holds(draft.ranges, at))));
  for (const at of changed) {
    const row = draft.cells.get(at)?.now;
    if (row) draft.put(withKept(row, draft.kept), row);
  }
}

/** `hide` and `star` puts, folded into what is remembered. */
export const foldKept = (kept: Kept, items: ConversationNews['items']): Kept =>
  items.reduce((folded, { key, value }) => {
    const about = messageKeyOf(key);
    if (!about) return folded;
    return about.type === 'hide' ? withHidden(folded, about.seq, value) : withStar(folded, about.seq, value);
  }, kept);

function withHidden(kept: Kept, at: Seq, value: unknown): Kept {
  const others = kept.hidden.filter((seq) => seq !== at);
  return { ...kept, hidden: value === true ? [...others, at] : others };
}

function withStar(kept: Kept, at: Seq, value: unknown): Kept {
  const others = kept.starred.filter(([seq]) => seq !== at);
  return { ...kept, starred: typeof value === 'number' ? [...others, [at, value] as const] : others };
}

/** Whether the row looks different from what the store holds. */
export const isChanged = (cell: { readonly was: LocalEntry | null; readonly now: LocalEntry }): boolean =>
  cell.was !== cell.now;
