import { countsFor, type Entry } from '@tidings/api/entry';
import { accountId } from '@tidings/api/ids';
import { foldAccount, foldLog } from './fold.ts';
import type { ConversationView, DeviceView, History, MemberSpan, Row } from './history.ts';
import type { Violation } from './violation.ts';

/** INV1–INV4, INV7, INV11: what a device holds shows exactly what the log says, and it holds all that it must. */
export function devicesShowTheLog({ logs, spans, views }: History): Violation[] {
  return eachView(views, (view, conversation) => {
    const log = logs.get(conversation.conversationId) ?? [];
    const span = spanOf(spans, conversation.conversationId, view.user);
    const name = `${view.device} ${conversation.conversationId}`;
    if (!span) return [{ rule: 'INV8', what: `${name} is there, and ${view.user} never was a member` }];
    const end = Math.min(log.at(-1)?.seq ?? 0, span.removedSeq ?? Number.MAX_SAFE_INTEGER);
    const violations: Violation[] = [];
    if (conversation.head !== end)
      violations.push({ rule: 'INV7', what: `${name} knows head ${conversation.head} of ${end}` });
    const top = conversation.ranges.at(-1)?.last ?? 0;
    if (end >= span.joinedSeq && top !== end)
      violations.push({ rule: 'INV7', what: `${name} holds up to ${top} of ${end}` });
    const late = changedAfter(log, end);
    const isShown = (row: Row) => !late.has(row.seq);
    const folded = foldLog(
      log.filter((entry) => entry.seq >= span.joinedSeq),
      1,
      end,
    ).filter(isShown);
    for (const range of conversation.ranges)
      violations.push(
        ...compareRows(name, rowsIn(folded, range), rowsIn(conversation.rows.filter(isShown), range)),
      );
    return violations;
  });
}

/** INV7, INV8: a device knows the conversations of its user, and nothing beyond their spans. */
export function devicesHoldTheirSpans({ logs, spans, views }: History): Violation[] {
  const beyond = eachView(views, (view, { conversationId, rows }) => {
    const span = spanOf(spans, conversationId, view.user);
    return rows
      .filter((row) => !span || row.seq > (span.removedSeq ?? row.seq))
      .map((row) => ({
        rule: 'INV8',
        what: `${view.device} shows ${conversationId}#${row.seq}, beyond its span`,
      }));
  });
  const missing = views.flatMap((view) =>
    spans
      .filter(
        (span) =>
          span.user === view.user &&
          span.removedSeq === null &&
          (logs.get(span.conversationId)?.length ?? 0) > 0,
      )
      .filter(
        (span) => !view.conversations.some(({ conversationId }) => conversationId === span.conversationId),
      )
      .map((span) => ({ rule: 'INV7', what: `${view.device} doesn't know of ${span.conversationId}` })),
  );
  return [...beyond, ...missing];
}

/** INV6: unread is what counts above the read mark and isn't hidden, and all devices of a user agree. */
export function unreadIsEqual({ logs, spans, views }: History): Violation[] {
  const seen = new Map<string, string>();
  return eachView(views, (view, conversation) => {
    const log = logs.get(conversation.conversationId) ?? [];
    const span = spanOf(spans, conversation.conversationId, view.user);
    const joined = span?.joinedSeq ?? 1;
    if (changedAfter(log, span?.removedSeq ?? Number.MAX_SAFE_INTEGER).size > 0) return [];
    const key = `${view.user} ${conversation.conversationId}`;
    const figures = `${conversation.read}:${conversation.unread}`;
    const before = seen.get(key) ?? figures;
    seen.set(key, figures);
    const violations: Violation[] = [];
    if (before !== figures)
      violations.push({
        rule: 'INV6',
        what: `${key}: devices disagree on read:unread, ${before} and ${figures}`,
      });
    const account = foldAccount(logs.get(accountId(view.user)) ?? []);
    const isHidden = (row: Row) => account.get(`hide:${conversation.conversationId}:${row.seq}`) === true;
    // A copy of what stands below where they joined is the first that they can know of.
    const readable = log.filter((entry) => entry.seq >= joined);
    const above = foldLog(readable, conversation.read + 1, conversation.head);
    const counts = (row: Row) => {
      const entry = log.find((candidate) => candidate.seq === row.seq);
      return entry !== undefined && !row.deleted && !isHidden(row) && countsFor(entry, view.user);
    };
    const counted = above.filter(counts).length;
    if (Math.min(counted, 1_000) !== conversation.unread)
      violations.push({
        rule: 'INV6',
        what: `${view.device} ${conversation.conversationId}: ${conversation.unread} unread, ${counted} counted`,
      });
    return violations;
  });
}

/** ACCT1, ACCT3: every device has the fold of its user's account log, and shows it at the messages that it is about. */
export function accountIsFolded({ logs, views }: History): Violation[] {
  return views.flatMap((view) => {
    if (!view.items) return [];
    const folded = foldAccount(logs.get(accountId(view.user)) ?? []);
    const kept = new Map(view.items.map(({ key, value }) => [key, value]));
    const differing = [...new Set([...folded.keys(), ...kept.keys()])].filter(
      (key) => JSON.stringify(folded.get(key) ?? null) !== JSON.stringify(kept.get(key) ?? null),
    );
    const hiddenWrongly = view.conversations.flatMap(({ conversationId, rows }) =>
      rows.filter(
        (row) => (row.hidden === true) !== (folded.get(`hide:${conversationId}:${row.seq}`) === true),
      ),
    );
    return [
      ...differing.map((key) => ({
        rule: 'ACCT1',
        what: `${view.device} has ${key} ${JSON.stringify(kept.get(key))}, not ${JSON.stringify(folded.get(key))}`,
      })),
      ...hiddenWrongly.map((row) => ({
        rule: 'ACCT1',
        what: `${view.device} ${row.hidden ? 'hides' : 'shows'} ${row.seq} against the account`,
      })),
    ];
  });
}

/** INV7: at rest no send waits. */
export function nothingIsStuck({ views }: History): Violation[] {
  return eachView(views, (view, { waiting }) =>
    waiting.map((client) => ({ rule: 'INV7', what: `${view.device} still waits to send ${client}` })),
  );
}

function compareRows(name: string, expected: readonly Row[], shown: readonly Row[]): Violation[] {
  const violations: Violation[] = [];
  const bySeq = new Map(shown.map((row) => [row.seq, row]));
  if (bySeq.size !== shown.length) violations.push({ rule: 'INV2', what: `${name} shows a position twice` });
  for (const row of expected) {
    const seen = bySeq.get(row.seq);
    if (!seen) violations.push({ rule: 'INV1', what: `${name} doesn't show ${row.seq}` });
    else if (canonical(seen) !== canonical(row))
      violations.push({
        rule: 'INV11',
        what: `${name}#${row.seq} shows ${canonical(seen)}, not ${canonical(row)}`,
      });
    bySeq.delete(row.seq);
  }
  for (const extra of bySeq.values())
    violations.push({ rule: 'INV2', what: `${name} shows ${extra.seq}, which counts for nothing` });
  return violations;
}

function canonical(row: Row): string {
  const reactions = Object.entries(row.reactions).map(([emoji, users]) => `${emoji}:${[...users].sort()}`);
  return JSON.stringify([
    row.sender,
    row.clientId,
    row.deleted,
    row.content,
    row.deleted ? [] : reactions.sort(),
  ]);
}

/** Messages that were changed beyond what a former member may read: they may show as they were, or as they are. */
const changedAfter = (log: readonly Entry[], end: number): ReadonlySet<number> =>
  new Set(log.flatMap((entry) => (entry.target !== undefined && entry.seq > end ? entry.target : [])));

const rowsIn = (rows: readonly Row[], { first, last }: ConversationView['ranges'][number]): Row[] =>
  rows.filter((row) => row.seq >= first && row.seq <= last);

function eachView(
  views: readonly DeviceView[],
  check: (view: DeviceView, conversation: ConversationView) => Violation[],
): Violation[] {
  return views.flatMap((view) => view.conversations.flatMap((conversation) => check(view, conversation)));
}

function spanOf(spans: readonly MemberSpan[], conversation: string, user: string): MemberSpan | undefined {
  return spans.find((span) => span.conversationId === conversation && span.user === user);
}
