import { countsFor, type Entry, sendKey } from '@tidings/api/entry';
import { foldLog } from './fold.ts';
import type { ConversationView, DeviceView, History, MemberSpan, Row } from './history.ts';

export type Violation = { readonly rule: string; readonly what: string };

/** All invariants that a history at rest can show broken; an empty answer means that none is. */
export function checkHistory(history: History): Violation[] {
  return checks.flatMap((check) => check(history));
}

const checks: readonly ((history: History) => Violation[])[] = [
  acknowledgedIsThereOnce,
  nothingIsInvented,
  logsHaveNoHoles,
  marksGrow,
  devicesShowTheLog,
  spansAreKept,
  unreadIsEqual,
  nothingIsStuck,
];

/** INV1, INV2: an acknowledged send stands in its log, counted once, where the acknowledgement said or said first. */
function acknowledgedIsThereOnce({ acknowledgements, logs }: History): Violation[] {
  const violations: Violation[] = [];
  for (const ack of acknowledgements) {
    const copies = (logs.get(ack.conversationId) ?? []).filter(
      (entry) => entry.sender === ack.user && entry.device === ack.device && entry.clientId === ack.clientId,
    );
    if (copies.length === 0) violations.push({ rule: 'INV1', what: `acknowledged ${ack.clientId} is not in ${ack.conversationId}` });
    else if (!copies.some((entry) => entry.seq === ack.seq))
      violations.push({ rule: 'INV1', what: `acknowledged ${ack.clientId} at ${ack.seq}, stands at ${copies.map((entry) => entry.seq)}` });
  }
  return violations;
}

/** Every message in a log was sent by somebody, as it stands. */
function nothingIsInvented({ sends, logs }: History): Violation[] {
  const sent = new Map(sends.map((send) => [`${send.user}/${send.device}/${send.clientId}`, send]));
  const violations: Violation[] = [];
  for (const [conversation, log] of logs) {
    for (const entry of log) {
      if (entry.kind !== 'message' && entry.kind !== 'edit') continue;
      const send = sent.get(sendKey(entry) ?? '');
      if (!send) violations.push({ rule: 'INV1', what: `${conversation}#${entry.seq} was never sent` });
      else if (!entry.deleted && send.content !== entry.content) violations.push({ rule: 'INV1', what: `${conversation}#${entry.seq} differs from what was sent` });
    }
  }
  return violations;
}

/** INV4: positions 1..head are all there, entry or void. */
function logsHaveNoHoles({ logs }: History): Violation[] {
  const violations: Violation[] = [];
  for (const [conversation, log] of logs) {
    log.forEach((entry, index) => {
      if (index > 0 && entry.seq !== (log[index - 1] as Entry).seq + 1)
        violations.push({ rule: 'INV4', what: `${conversation} has a hole before ${entry.seq}` });
    });
  }
  return violations;
}

/** INV5: as seen at any one place, marks only grow and read ≤ delivered ≤ head. */
function marksGrow({ marks, logs }: History): Violation[] {
  const newest = new Map<string, { delivered: number; read: number }>();
  const violations: Violation[] = [];
  for (const mark of marks) {
    const key = `${mark.where} ${mark.conversationId} ${mark.user}`;
    const before = newest.get(key) ?? { delivered: 0, read: 0 };
    const head = (logs.get(mark.conversationId) ?? []).at(-1)?.seq ?? 0;
    if (mark.delivered < before.delivered || mark.read < before.read) violations.push({ rule: 'INV5', what: `${key} went back to ${mark.delivered}/${mark.read}` });
    if (mark.read > mark.delivered || mark.delivered > head) violations.push({ rule: 'INV5', what: `${key}: ${mark.read} ≤ ${mark.delivered} ≤ ${head} is false` });
    newest.set(key, mark);
  }
  return violations;
}

/** INV1–INV4, INV7, INV11: what a device holds shows exactly what the log says, and it holds all that it must. */
function devicesShowTheLog({ logs, spans, views }: History): Violation[] {
  return eachView(views, (view, conversation) => {
    const log = logs.get(conversation.conversationId) ?? [];
    const span = spanOf(spans, conversation.conversationId, view.user);
    if (!span) return [{ rule: 'INV8', what: `${view.device} holds ${conversation.conversationId} without being a member` }];
    const end = Math.min(log.at(-1)?.seq ?? 0, span.removedSeq ?? Number.MAX_SAFE_INTEGER);
    const name = `${view.device} ${conversation.conversationId}`;
    const violations: Violation[] = [];
    if (conversation.head !== end) violations.push({ rule: 'INV7', what: `${name} knows head ${conversation.head} of ${end}` });
    const newest = conversation.ranges.at(-1);
    if (end > 0 && newest?.last !== end) violations.push({ rule: 'INV7', what: `${name} holds up to ${newest?.last} of ${end}` });
    const expected = foldLog(log.filter((entry) => entry.seq >= span.joinedSeq), 1, end);
    for (const range of conversation.ranges) violations.push(...compareRows(name, rowsIn(expected, range), rowsIn(conversation.rows, range)));
    return violations;
  });
}

function rowsIn(rows: readonly Row[], range: { readonly first: number; readonly last: number }): Row[] {
  return rows.filter((row) => row.seq >= range.first && row.seq <= range.last);
}

function compareRows(name: string, expected: readonly Row[], shown: readonly Row[]): Violation[] {
  const violations: Violation[] = [];
  const bySeq = new Map(shown.map((row) => [row.seq, row]));
  if (bySeq.size !== shown.length) violations.push({ rule: 'INV2', what: `${name} shows a position twice` });
  for (const row of expected) {
    const seen = bySeq.get(row.seq);
    if (!seen) violations.push({ rule: 'INV1', what: `${name} doesn't show ${row.seq}` });
    else if (canonical(seen) !== canonical(row)) violations.push({ rule: 'INV11', what: `${name}#${row.seq} shows ${canonical(seen)}, not ${canonical(row)}` });
    bySeq.delete(row.seq);
  }
  for (const extra of bySeq.values()) violations.push({ rule: 'INV2', what: `${name} shows ${extra.seq}, which counts for nothing` });
  return violations;
}

function canonical(row: Row): string {
  const reactions = Object.entries(row.reactions).map(([emoji, users]) => `${emoji}:${[...users].sort()}`);
  return JSON.stringify([row.sender, row.clientId, row.deleted, row.content, row.deleted ? [] : reactions.sort()]);
}

/** INV8: nothing outside the member's span is held. */
function spansAreKept({ spans, views }: History): Violation[] {
  return eachView(views, (view, conversation) => {
    const span = spanOf(spans, conversation.conversationId, view.user);
    const last = span?.removedSeq ?? Number.MAX_SAFE_INTEGER;
    const beyond = conversation.rows.filter((row) => !span || row.seq > last);
    return beyond.map((row) => ({ rule: 'INV8', what: `${view.device} shows ${conversation.conversationId}#${row.seq}, beyond its span` }));
  });
}

/** INV6: unread is what counts above the read mark, and all devices of a user agree. */
function unreadIsEqual({ logs, views }: History): Violation[] {
  const seen = new Map<string, string>();
  return eachView(views, (view, conversation) => {
    const key = `${view.user} ${conversation.conversationId}`;
    const figures = `${conversation.read}:${conversation.unread}`;
    const violations: Violation[] = [];
    if ((seen.get(key) ?? figures) !== figures) violations.push({ rule: 'INV6', what: `${key}: devices disagree, ${seen.get(key)} and ${figures}` });
    seen.set(key, figures);
    const log = logs.get(conversation.conversationId) ?? [];
    const counted = foldLog(log, conversation.read + 1, conversation.head).filter((row) => {
      const entry = log.find((candidate) => candidate.seq === row.seq) as Entry;
      return countsFor(entry, view.user) && !row.deleted;
    }).length;
    if (Math.min(counted, 1_000) !== conversation.unread) violations.push({ rule: 'INV6', what: `${key}: ${conversation.unread} unread, ${counted} counted` });
    return violations;
  });
}

/** INV7: at rest no send waits. */
function nothingIsStuck({ views }: History): Violation[] {
  return eachView(views, (view, conversation) =>
    conversation.waiting.map((client) => ({ rule: 'INV7', what: `${view.device} still waits to send ${client}` })),
  );
}

function eachView(views: readonly DeviceView[], check: (view: DeviceView, conversation: ConversationView) => Violation[]): Violation[] {
  return views.flatMap((view) => view.conversations.flatMap((conversation) => check(view, conversation)));
}

function spanOf(spans: readonly MemberSpan[], conversation: string, user: string): MemberSpan | undefined {
  return spans.find((span) => span.conversationId === conversation && span.user === user);
}
