import { type Entry, sendKey } from '@tidings/api/entry';
import { type ConversationId, conversationKind, type Seq } from '@tidings/api/ids';
import type { History, MemberSpan, Send } from './history.ts';
import { spansOf } from './membership.ts';
import type { Violation } from './violation.ts';

/** INV1: an acknowledged send stands in its log where the acknowledgement said. */
export function acknowledgedIsThere({ acknowledgements, logs }: History): Violation[] {
  return acknowledgements.flatMap((ack): Violation[] => {
    const copies = copiesOf(logs.get(ack.conversationId) ?? [], ack);
    if (copies.some((entry) => entry.seq === ack.seq)) return [];
    const where = copies.length > 0 ? `stands at ${copies.map((entry) => entry.seq)}` : 'stands nowhere';
    return [
      { rule: 'INV1', what: `${ack.clientId}, acknowledged at ${ack.conversationId}#${ack.seq}, ${where}` },
    ];
  });
}

/** OUT3: what was durable in an outbox is in the log, or still waits there, unless its user was told that it failed. */
export function nothingIsLost({ sends, logs, views }: History): Violation[] {
  const waiting = new Set(
    views.flatMap((view) =>
      view.conversations.flatMap((each) => each.waiting.map((client) => `${view.device}/${client}`)),
    ),
  );
  return sends
    .filter((send) => !send.givenUp && !waiting.has(`${send.device}/${send.clientId}`))
    .filter((send) => copiesOf(logs.get(send.conversationId) ?? [], send).length === 0)
    .map((send) => ({
      rule: 'OUT3',
      what: `${send.clientId} of ${send.device} left the outbox and is not in ${send.conversationId}`,
    }));
}

/** INV1: everything in a log was sent by somebody, as it stands. */
export function nothingIsInvented({ sends, logs }: History): Violation[] {
  const sent = new Map(sends.map((send) => [keyOf(send), send]));
  return [...logs].flatMap(([conversation, log]) =>
    log.flatMap((entry): Violation[] => {
      if (!peoplesKinds.has(entry.kind)) return [];
      const send = sent.get(sendKey(entry) ?? '');
      if (!send) return [{ rule: 'INV1', what: `${conversation}#${entry.seq} was never sent` }];
      if (
        entry.deleted ||
        (send.content === entry.content && send.kind === entry.kind && send.conversationId === conversation)
      )
        return [];
      return [{ rule: 'INV1', what: `${conversation}#${entry.seq} differs from what was sent` }];
    }),
  );
}

const peoplesKinds = new Set(['message', 'edit', 'delete', 'reaction']);

/** SEND2: where attempts know of each other, no send is written twice. */
export function retriesAddNothing({ sends, logs, mayDouble = true }: History): Violation[] {
  if (mayDouble) return [];
  return sends.flatMap((send): Violation[] => {
    const copies = copiesOf(logs.get(send.conversationId) ?? [], send).map((entry) => entry.seq);
    return copies.length < 2
      ? []
      : [{ rule: 'SEND2', what: `${send.clientId} stands at ${copies} in ${send.conversationId}` }];
  });
}

/** SEND5: who writes is a member then, as far as the server could know. */
export function onlyMembersWrite({ logs, accessLagMs = 0 }: History): Violation[] {
  return [...logs].flatMap(([conversation, log]) => {
    const spans = spansOf(conversation, log);
    const isMember = (entry: Entry) =>
      spans.some(
        (span) =>
          span.user === entry.sender &&
          span.joinedSeq <= entry.seq &&
          (entry.seq <= (span.removedSeq ?? entry.seq) || entry.sentAt <= endOf(span, log) + accessLagMs),
      );
    return log
      .filter((entry) => peoplesKinds.has(entry.kind) && !isMember(entry))
      .map((entry) => ({
        rule: 'SEND5',
        what: `${conversation}#${entry.seq} is by ${entry.sender}, who was no member`,
      }));
  });
}

/** OUT2: what a device sent to a conversation counts in the order in which it was put in the outbox. */
export function orderIsKept({ sends, logs }: History): Violation[] {
  const last = new Map<string, { readonly send: Send; readonly seq: Seq }>();
  return sends.flatMap((send): Violation[] => {
    const [first] = copiesOf(logs.get(send.conversationId) ?? [], send);
    if (!first || send.givenUp) return [];
    const lane = `${send.device} ${send.conversationId}`;
    const before = last.get(lane);
    last.set(lane, { send, seq: first.seq });
    if (!before || before.seq < first.seq) return [];
    return [
      {
        rule: 'OUT2',
        what: `${lane}: ${send.clientId} stands at ${first.seq}, before ${before.send.clientId} at ${before.seq}`,
      },
    ];
  });
}

/** INV4: what anybody may read is all there up to the head, entry or void. Below the first member nobody ever looks. */
export function logsHaveNoHoles({ logs }: History): Violation[] {
  return [...logs].flatMap(([conversation, log]) => {
    const first = Math.min(...spansOf(conversation, log).map((span) => span.joinedSeq));
    const readable = log.filter((entry) => entry.seq >= first);
    return readable
      .filter((entry, index) => entry.seq !== (readable[index - 1]?.seq ?? first - 1) + 1)
      .map((entry) => ({ rule: 'INV4', what: `${conversation} has a hole before ${entry.seq}` }));
  });
}

/** LOG7: what was deleted for everyone is gone from the store. */
export function deletedIsErased({ logs }: History): Violation[] {
  return [...logs].flatMap(([conversation, log]) =>
    log
      .filter((entry) => entry.kind === 'delete')
      .map((deletion) => log.find((entry) => entry.seq === deletion.target))
      .filter((target): target is Entry => target !== undefined && (!target.deleted || target.content !== ''))
      .map((target) => ({ rule: 'LOG7', what: `${conversation}#${target.seq} is deleted and still there` })),
  );
}

/** INV5: as seen at any one place, marks only grow and read ≤ delivered ≤ head. */
export function marksGrow({ marks, logs }: History): Violation[] {
  const newest = new Map<string, { readonly delivered: number; readonly read: number }>();
  return marks.flatMap((mark): Violation[] => {
    const key = `${mark.where} ${mark.conversationId} ${mark.user}`;
    const before = newest.get(key) ?? { delivered: 0, read: 0 };
    const head = logs.get(mark.conversationId)?.at(-1)?.seq ?? 0;
    newest.set(key, mark);
    const violations: Violation[] = [];
    if (mark.delivered < before.delivered || mark.read < before.read)
      violations.push({
        rule: 'INV5',
        what: `${key} went back from ${before.read}/${before.delivered} to ${mark.read}/${mark.delivered}`,
      });
    if (mark.read > mark.delivered || mark.delivered > head)
      violations.push({ rule: 'INV5', what: `${key}: ${mark.read} ≤ ${mark.delivered} ≤ ${head} is false` });
    return violations;
  });
}

/** GRP1, GRP2: the directory says of members what the log says. */
export function membersFollowTheLog({ spans, logs }: History): Violation[] {
  return [...logs].flatMap(([conversation, log]): Violation[] => {
    if (conversationKind(conversation) === 'account') return [];
    const newest = new Map(
      spansOf(conversation, log)
        .sort(byJoining)
        .map((span) => [span.user, span]),
    );
    const rows = new Map(
      spans.filter((span) => span.conversationId === conversation).map((span) => [span.user, span]),
    );
    return [...new Set([...newest.keys(), ...rows.keys()])]
      .filter((user) => textOf(newest.get(user)) !== textOf(rows.get(user)))
      .map((user) => ({
        rule: 'GRP1',
        what: `${conversation}: ${user} is a member of ${textOf(rows.get(user))}, and ${textOf(newest.get(user))} by the log`,
      }));
  });
}

/** INV8: no server let anybody have what no span of theirs held. */
export function nothingOutsideSpansIsRead({ received = [], logs, accessLagMs = 0 }: History): Violation[] {
  const spans = new Map<ConversationId, readonly MemberSpan[]>();
  const violations = new Map<string, Violation>();
  for (const { user, conversationId, seq, at } of received) {
    const log = logs.get(conversationId) ?? [];
    const known = spans.get(conversationId) ?? spansOf(conversationId, log);
    spans.set(conversationId, known);
    const theirs = known.filter((span) => span.user === user);
    const mayHaveIt = (span: MemberSpan) =>
      seq >= span.joinedSeq && (seq <= (span.removedSeq ?? seq) || at <= endOf(span, log) + accessLagMs);
    if (theirs.some(mayHaveIt)) continue;
    const what = `${user} was given ${conversationId}#${seq}, member of ${theirs.map(textOf)}`;
    violations.set(what, { rule: 'INV8', what });
  }
  return [...violations.values()];
}

/** When the line was written that ended it. */
const endOf = (span: MemberSpan, log: readonly Entry[]): number =>
  log.find((entry) => entry.seq === span.removedSeq)?.sentAt ?? 0;

const byJoining = (a: MemberSpan, b: MemberSpan): number => a.joinedSeq - b.joinedSeq;
const textOf = (span: MemberSpan | undefined): string =>
  span ? `[${span.joinedSeq}, ${span.removedSeq ?? '∞'}]` : 'nothing';

type Sent = Pick<Send, 'user' | 'device' | 'clientId'>;
const keyOf = ({ user, device, clientId }: Sent): string => `${user}/${device}/${clientId}`;

const copiesOf = (log: readonly Entry[], { user, device, clientId }: Sent): Entry[] =>
  log.filter((entry) => entry.clientId === clientId && entry.device === device && entry.sender === user);
