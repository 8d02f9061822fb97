import { parseGroupChange } from '@tidings/api/content';
import type { Entry } from '@tidings/api/entry';
import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import { takeArrivals } from './arrivals.ts';
import { floorOf, itemKeysOf, newRow, withHead, withItems, withoutOutdated } from './conversation-row.ts';
import {
  type ConversationNews,
  Draft,
  type DraftContext,
  type Held,
  type Marks,
  usualSynced,
} from './draft.ts';
import { voidDuplicates } from './duplicates.ts';
import { applyEffects, applyKept, isChanged, loadRows } from './effects.ts';
import { lastLineOf } from './last-line.ts';
import type { LocalChange, LocalConversation } from './local-store.ts';
import { cutRange, heldAfter, holds, later, previous } from './ranges.ts';
import { type Kept, nothingKept } from './rows.ts';
import { unreadOf } from './unread.ts';

/** Farther behind than this, when another device of the user has it all: what is held is let go rather than caught up with. */
const tooFarBehind = 5_000;

export type Digested = {
  readonly held: Held;
  readonly changes: readonly LocalChange[];
  /** Ask the server for this conversation's head. */
  readonly wantsHead: Draft['wantsHead'];
  /** Read these messages again. */
  readonly reread: readonly Seq[];
  /** Others than this user wrote something that arrived: tell the marks now. */
  readonly foreign: boolean;
  /** The membership that was known is over, whether or not the user has come back since: what belonged to it may never come. */
  readonly ended: boolean;
};

/**
 * Works a batch's news about one conversation into what this device holds of it, without writing anything: the changes are for
 * one `apply`, together with those of the batch's other conversations. `null`: an unknown conversation, whose head is missing.
 */
export async function digest(
  before: Held | null,
  given: ConversationNews,
  context: DraftContext,
): Promise<Digested | null> {
  const news = { ...given, heads: withoutOutdated(before?.row ?? null, given.heads) };
  const draft = await begin(before, news, context);
  if (!draft) return null;
  letGo(draft, news);
  await applyKept(draft, news);
  await loadRows(draft, positionsToRebuild(draft, news));
  const arrivals = takeArrivals(draft, news);
  await voidDuplicates(draft);
  await applyEffects(draft, arrivals);
  followChanges(draft, arrivals.entries, news.pushed);
  moveSynced(draft);
  moveMarks(draft, [...news.ownMarks]);
  const newest = news.heads.at(-1);
  const unread = await unreadOf(draft, newest);
  const last = await lastLineOf(draft, newest);
  return finish(draft, { unread, last, activityAt: news.activityAt });
}

async function begin(
  before: Held | null,
  news: ConversationNews,
  context: DraftContext,
): Promise<Draft | null> {
  const [first] = news.heads;
  const known = before?.row ?? (first && newRow(first));
  if (!known) return null;
  let row = withItems(
    known,
    before ? news.items : [...(await storedItems(known.conversationId, context)), ...news.items],
  );
  for (const head of news.heads) row = withHead(row, head);
  for (const { delivered, read } of news.othersMarks) {
    row = {
      ...row,
      othersDelivered: later(row.othersDelivered, delivered),
      othersRead: later(row.othersRead, read),
    };
  }
  const draft = new Draft(before, row, context);
  // Others have what was never pushed here: so there is something to read.
  for (const { delivered } of news.othersMarks) draft.raiseHead(delivered, row.headAt);
  if (!before) draft.startFrom(await storedKept(known.conversationId, context));
  return draft;
}

/** The account's state is synced by itself: it may know of a conversation before its head does. */
async function storedItems(id: ConversationId, { store }: DraftContext) {
  const keys = itemKeysOf(id);
  const values = await store.items(keys);
  return keys.map((key, index) => ({ key, value: values[index] ?? null }));
}

export const keptKey = (id: ConversationId): string => `~kept:${id}`;
export const syncedKey = (id: ConversationId): string => `~synced:${id}`;

export async function storedKept(id: ConversationId, { store }: Pick<DraftContext, 'store'>): Promise<Kept> {
  const [value] = await store.items([keptKey(id)]);
  return (value as Kept | undefined) ?? nothingKept;
}

/** INV8: what this user may not read, has cleared, or what makes room, isn't held. */
function letGo(draft: Draft, news: ConversationNews): void {
  const { row } = draft;
  const floor = floorOf(row);
  if (draft.ranges[0] && draft.ranges[0].first < floor) drop(draft, seq(0), previous(floor));
  if ((draft.ranges.at(-1)?.last ?? 0) > draft.end) drop(draft, seq(draft.end + 1), seq(2 ** 48));
  for (const { first, last } of news.evicted) drop(draft, first, last);
  draft.synced = seq(Math.min(later(draft.synced, previous(floor)), draft.end));
  if (row.delivered - draft.synced <= tooFarBehind || (draft.ranges[0]?.first ?? 0) > row.delivered) return;
  drop(draft, seq(0), row.delivered);
  draft.synced = row.delivered;
}

function drop(draft: Draft, first: Seq, last: Seq): void {
  draft.ranges = cutRange(draft.ranges, first, last);
  draft.dropped.push({ first, last });
}

function positionsToRebuild(draft: Draft, news: ConversationNews): ReadonlySet<Seq> {
  const pages = news.pages.filter((page) => page.rebuild).flatMap(({ page }) => page.entries);
  return new Set(pages.map((entry) => entry.seq).filter((at) => holds(draft.ranges, at)));
}

/**
 * A group's newest lines say what it is called before the directory's answer comes. The directory follows the log (GRP1), so
 * what it says right now may be old; also in a head that came before the line and knows of its position.
 */
function followChanges(draft: Draft, entries: readonly Entry[], pushed: readonly Entry[]): void {
  const head = draft.before?.row.head ?? draft.row.head;
  const justWritten = new Set(pushed.map((entry) => entry.seq));
  for (const entry of entries) {
    if (entry.kind !== 'change') continue;
    const isNewest = entry.seq >= head;
    if (isNewest || justWritten.has(entry.seq)) draft.wantsHead = 'twice';
    if (!isNewest) continue;
    const { group } = draft.row;
    const change = parseGroupChange(entry.content);
    if (!group || !change) continue;
    if (change.type === 'named') draft.row = { ...draft.row, group: { ...group, name: change.name } };
    if (change.type === 'described')
      draft.row = { ...draft.row, group: { ...group, description: change.description } };
    if (change.type === 'pictured') draft.row = { ...draft.row, group: { ...group, iconId: change.iconId } };
  }
}

/** SYNC5: up to where nothing that matters is missing; stored, so that an interrupted device knows what it still has to read. */
function moveSynced(draft: Draft): void {
  draft.synced = heldAfter(draft.ranges, draft.synced);
}

/** MARK1, MARK2: the own marks, as other devices moved them, and over what is held without a gap once this is stored. */
function moveMarks(draft: Draft, own: readonly Marks[]): void {
  let { delivered, read } = draft.row;
  for (const marks of own) {
    read = later(read, marks.read);
    delivered = later(delivered, later(marks.delivered, marks.read));
  }
  if (draft.context.durable)
    delivered = heldAfter(draft.ranges, later(delivered, previous(draft.row.joinedSeq)));
  delivered = seq(Math.min(later(delivered, read), draft.end));
  read = seq(Math.min(read, draft.end));
  draft.raiseHead(delivered, draft.row.headAt);
  if (delivered !== draft.row.delivered || read !== draft.row.read)
    draft.row = { ...draft.row, delivered, read };
}

function finish(draft: Draft, shown: Pick<LocalConversation, 'unread' | 'last' | 'activityAt'>): Digested {
  const line = shown.last && shown.last.seq > (draft.row.last?.seq ?? 0) ? shown.last.sentAt : 0;
  const activityAt = Math.max(draft.row.activityAt, line, shown.activityAt);
  const row: LocalConversation = {
    ...draft.row,
    ranges: draft.ranges,
    unread: shown.unread,
    last: shown.last,
    activityAt,
  };
  const held: Held = {
    row,
    synced: draft.synced,
    kept: draft.kept,
    early: draft.early,
    orphans: draft.orphans,
  };
  return {
    held,
    changes: changesOf(draft, held),
    wantsHead: draft.wantsHead,
    reread: [...draft.reread].filter((at) => holds(draft.ranges, at)),
    foreign: draft.foreign,
    ended: draft.before !== null && hasEnded(draft.before.row, row),
  };
}

const hasEnded = (before: LocalConversation, row: LocalConversation): boolean =>
  before.removedSeq === null && (row.removedSeq !== null || row.joinedSeq > before.joinedSeq);

function changesOf(draft: Draft, held: Held): LocalChange[] {
  const changes: LocalChange[] = draft.dropped.map((range) => ({
    type: 'drop-entries',
    conversation: draft.id,
    ...range,
  }));
  const entries = [...draft.cells.values()].filter(isChanged).map((cell) => cell.now);
  if (entries.length > 0) changes.push({ type: 'put-entries', entries });
  if (!draft.before || !isEqual(draft.before.row, held.row))
    changes.push({ type: 'put-conversation', conversation: held.row });
  if (draft.arrivedSends.length > 0) changes.push({ type: 'drop-outbox', clientIds: draft.arrivedSends });
  for (const item of draft.sentItems) changes.push({ type: 'put-outbox', item });
  const items = [...syncedItem(draft, held), ...keptItem(draft, held)];
  if (items.length > 0) changes.push({ type: 'put-items', items });
  return changes;
}

function syncedItem({ id, before }: Draft, held: Held) {
  const stored = (of: Held) => (of.synced === usualSynced(of.row) ? null : of.synced);
  const value = stored(held);
  return value === (before ? stored(before) : null) ? [] : [{ key: syncedKey(id), value }];
}

const keptItem = ({ id, keptBefore }: Draft, { kept }: Held) =>
  kept === keptBefore ? [] : [{ key: keptKey(id), value: kept }];

/** Values are replaced, never changed: comparing them by identity finds every change. A head always brings a new `group`. */
function isEqual(a: LocalConversation, b: LocalConversation): boolean {
  for (const key of Object.keys(b) as (keyof LocalConversation)[]) {
    if (a[key] !== b[key] && (key !== 'group' || JSON.stringify(a.group) !== JSON.stringify(b.group)))
      return false;
  }
  return true;
}
