import type { Entry } from '@tidings/api/entry';
import { type Seq, seq } from '@tidings/api/ids';
import { floorOf } from './conversation-row.ts';
import type { Acknowledged, ConversationNews, Draft, PageNews, Self } from './draft.ts';
import { addRange, earlier, holds, later } from './ranges.ts';
import { rowOf } from './rows.ts';

/** How many pushed entries wait for a gap; further ones are read from the log with it. */
const maxEarly = 1_000;

export type Arrivals = {
  /** Entries whose positions were not held before. */
  readonly entries: Entry[];
  /** Effects from above the pages that came, for messages in them. */
  readonly effects: Entry[];
  /** Held positions to be made anew, with the position up to which their effects are known. */
  readonly rebuild: Map<Seq, Seq>;
};

/** SYNC2: sorts out what is new, makes its rows, and grows the held ranges. */
export function takeArrivals(draft: Draft, news: ConversationNews): Arrivals {
  const arrivals: Arrivals = { entries: [], effects: [], rebuild: new Map() };
  for (const page of news.pages) takePage(draft, page, arrivals);
  const acknowledged = news.acknowledged.map((ack) => entryOf(ack, draft.context.self));
  const pushed = [...draft.early, ...news.pushed, ...acknowledged].sort((a, b) => a.seq - b.seq);
  takePushed(draft, pushed, arrivals);
  for (const entry of arrivals.entries) {
    draft.put(rowOf(entry, draft.kept), null);
    if (entry.sender !== draft.context.self.userId) draft.foreign = true;
  }
  // Rows of effects from elsewhere: so that a second copy of one is found (SEND3), here and when its own position comes.
  for (const effect of arrivals.effects) draft.put(rowOf(effect, draft.kept), null);
  draft.arrivedSends.push(...ownSends(arrivals.entries, draft.context.self));
  keepSent(draft, news.acknowledged);
  return arrivals;
}

function takePage(draft: Draft, { page, rebuild }: PageNews, arrivals: Arrivals): void {
  const first = later(page.first, floorOf(draft.row));
  const last = earlier(page.last, seq(Math.min(page.last, draft.end)));
  for (const entry of page.entries) {
    if (entry.seq < first || entry.seq > last) continue;
    if (!holds(draft.ranges, entry.seq)) arrivals.entries.push(entry);
    else if (rebuild) {
      arrivals.rebuild.set(entry.seq, page.head);
      arrivals.entries.push(entry);
    }
  }
  for (const effect of page.effects) {
    if (effect.seq <= draft.end) arrivals.effects.push(effect);
  }
  draft.ranges = addRange(draft.ranges, first, last);
  if (page.head > draft.row.head) draft.raiseHead(page.head, draft.row.headAt);
}

/**
 * SYNC3: what joins on is taken; what lies beyond a gap waits, and the raised head makes the gap be read. What lies below the
 * end of what is held is left to pages: only they bring what was done to a message since.
 */
function takePushed(draft: Draft, pushed: readonly Entry[], arrivals: Arrivals): void {
  const early: Entry[] = [];
  const first = draft.frontier + 1;
  const floor = floorOf(draft.row);
  let next = first;
  let newest: Entry | null = null;
  for (const entry of pushed) {
    const at = entry.seq;
    if (at < next || at < floor || at > draft.end || at === newest?.seq) continue;
    newest = entry;
    if (at === next) {
      arrivals.entries.push(entry);
      next += 1;
    } else if (early.length < maxEarly) early.push(entry);
  }
  if (next > first) draft.ranges = addRange(draft.ranges, seq(first), seq(next - 1));
  if (newest) draft.raiseHead(newest.seq, newest.sentAt);
  draft.early = early;
}

/** What an acknowledgement means is known without waiting for the push: the entry as the log has it. */
function entryOf({ item, seq: at, sentAt }: Acknowledged, self: Self): Entry {
  return {
    conversationId: item.conversationId,
    seq: at,
    kind: item.kind,
    sender: self.userId,
    device: self.deviceId,
    clientId: item.clientId,
    sentAt,
    ...(item.target === undefined ? {} : { target: item.target }),
    content: item.content,
  };
}

/** OUT3: these leave the outbox with the same apply. */
function ownSends(entries: readonly Entry[], self: Self) {
  return entries.flatMap((entry) =>
    entry.clientId !== undefined && entry.sender === self.userId && entry.device === self.deviceId
      ? [entry.clientId]
      : [],
  );
}

/** Its entry came, or stands where this device won't hold it before somebody reads there; or it is still to come. */
function keepSent(draft: Draft, acknowledged: readonly Acknowledged[]): void {
  for (const { item, seq: at, sentAt } of acknowledged) {
    const waits = at > draft.frontier && at <= draft.end;
    if (waits) draft.sentItems.push({ ...item, state: { type: 'sent', seq: at, sentAt } });
    else draft.arrivedSends.push(item.clientId);
  }
}
