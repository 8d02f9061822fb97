import { type Entry, sendKey } from '@tidings/api/entry';
import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { MessageStore } from '@tidings/db/message-store/port';
import type { Erasure } from './erasure.ts';
import { type Page, wireBytes } from './log-reader.ts';
import { redacted, type TailCache } from './tail-cache.ts';

/** More than this for one page is asked for in halves. */
const maxEffects = 4_000;

export type PageWithEffects = Page & { readonly effects: readonly Entry[] };

export type EffectsQuery = {
  readonly conversation: ConversationId;
  readonly upTo: Seq;
  readonly from: 'oldest' | 'newest';
  readonly maxBytes: number;
};

type Parts = {
  readonly messages: Pick<MessageStore, 'effects'>;
  readonly tails: TailCache;
  readonly erasure: Pick<Erasure, 'erase' | 'met'>;
};

/**
 * What entries above a page (up to `upTo`, which the caller may read) say about messages in it. Only what still counts: the
 * last edit, any deletion, each person's last reaction. What was deleted shows no content, however far its erasure got.
 */
export async function withEffects(parts: Parts, page: Page, query: EffectsQuery): Promise<PageWithEffects> {
  if (page.last < page.first) return { ...page, effects: [] };
  const above = page.last >= query.upTo ? [] : await effectsAbove(parts, page, query);
  const deleted = new Set<Seq>();
  for (const entry of page.entries)
    if (entry.kind === 'delete' && entry.target !== undefined) deleted.add(entry.target);
  for (const entry of above)
    if (entry.kind === 'delete' && entry.target !== undefined) deleted.add(entry.target);
  eraseOverdue(parts, page, { query, deleted });
  const mask = (entry: Entry) => (isErased(entry, deleted) ? redacted(entry) : entry);
  const effects = lasting(firstCopies(page, above)).map(mask);
  return fitting(
    { ...page, entries: deleted.size > 0 ? page.entries.map(mask) : page.entries, effects },
    query,
  );
}

/** LOG7: whoever deleted these died before their content was gone, or an edit came at the same moment. */
function eraseOverdue(
  { erasure }: Parts,
  { first, last, entries }: Page,
  { query, deleted }: { readonly query: EffectsQuery; readonly deleted: ReadonlySet<Seq> },
): void {
  const overdue = new Set<Seq>();
  for (const entry of entries) {
    if (entry.deleted || !isErased(entry, deleted)) continue;
    overdue.add(entry.kind === 'edit' ? (entry.target as Seq) : entry.seq);
  }
  for (const target of overdue) void erasure.erase(query.conversation, target);
  for (const target of deleted) if (target < first || target > last) erasure.met(query.conversation, target);
}

/** A deletion takes the message's content and that of its edits. */
const isErased = (entry: Entry, deleted: ReadonlySet<Seq>): boolean =>
  deleted.has(entry.seq) ||
  (entry.kind === 'edit' && entry.target !== undefined && deleted.has(entry.target));

async function effectsAbove(
  { messages, tails }: Parts,
  page: Page,
  { conversation, upTo }: EffectsQuery,
): Promise<readonly Entry[]> {
  const { first, last } = page;
  const recent = tails.range(conversation, last + 1, upTo);
  const found = recent
    ? recent.filter((entry) => entry.target !== undefined && entry.target >= first)
    : await inHalves(messages, conversation, first, last);
  return found.filter((entry) => entry.seq > last && entry.seq <= upTo && (entry.target as Seq) <= last);
}

async function inHalves(
  messages: Parts['messages'],
  conversation: ConversationId,
  first: number,
  last: number,
): Promise<readonly Entry[]> {
  const found = await messages.effects(conversation, seq(first), seq(last), maxEffects);
  if (found.length < maxEffects || first === last) return found;
  const middle = Math.floor((first + last) / 2);
  return [
    ...(await inHalves(messages, conversation, first, middle)),
    ...(await inHalves(messages, conversation, middle + 1, last)),
  ];
}

/** SEND3: without later copies of a send, whose first stands in the page or above it as well: both are about the same message. */
function firstCopies({ entries }: Page, above: readonly Entry[]): readonly Entry[] {
  const met = new Set(entries.map(sendKey));
  return above.filter((effect) => {
    const key = sendKey(effect);
    if (key === null) return true;
    if (met.has(key)) return false;
    met.add(key);
    return true;
  });
}

function lasting(effects: readonly Entry[]): Entry[] {
  const last = new Map<string, Entry>();
  for (const effect of effects)
    last.set(
      effect.kind === 'reaction' ? `${effect.target}/${effect.sender}` : `${effect.target}/${effect.kind}/`,
      effect,
    );
  return [...last.values()].sort((a, b) => a.seq - b.seq);
}

/** Effects can be as large as messages: a page that got too large with them is cut at the end that wasn't asked for first. */
function fitting(page: PageWithEffects, { from, maxBytes }: EffectsQuery): PageWithEffects {
  const bytes = new Map<Seq, number>();
  for (const effect of page.effects) {
    const target = effect.target as Seq;
    bytes.set(target, (bytes.get(target) ?? 0) + wireBytes(effect));
  }
  if ([...bytes.values()].reduce((sum, each) => sum + each, 0) <= maxBytes) return page;
  const inOrder = from === 'oldest' ? page.entries : [...page.entries].reverse();
  let left = maxBytes;
  const cut = inOrder.findIndex((entry, index) => {
    left -= bytes.get(entry.seq) ?? 0;
    return index > 0 && left < 0;
  });
  if (cut < 0) return page;
  const kept = inOrder.slice(0, cut).sort((a, b) => a.seq - b.seq);
  const [first, last] = [kept[0]!.seq, kept.at(-1)!.seq];
  // What the cut took away at the top may be about what is left.
  const taken = page.entries.filter((entry) => entry.seq > last && entry.target !== undefined);
  const effects = lasting([...taken, ...page.effects]).filter(
    ({ target }) => (target as Seq) >= first && (target as Seq) <= last,
  );
  return { first, last, entries: kept, effects };
}
