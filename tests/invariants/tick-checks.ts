import type { Entry } from '@tidings/api/entry';
import type { ConversationView, History, MemberSpan, StoredMark } from './history.ts';
import type { Violation } from './violation.ts';

type Stand = { readonly delivered: number; readonly read: number };

/**
 * MARK4: at rest every device of a member shows the ticks that the stored marks of all other members amount to. Checked at the user's own
 * messages, since nobody else is told (MARK6). Of nobody who was removed: what others mark afterwards is no business of theirs.
 *
 * Ticks stay as they are when somebody is added, and a server may not know yet of one who was: what was sent shortly after their line may
 * show as if they weren't there.
 */
export function ticksSayWhatIsStored({
  logs,
  spans,
  storedMarks,
  views,
  accessLagMs = 0,
}: History): Violation[] {
  if (!storedMarks) return [];
  return views.flatMap((view) =>
    view.conversations.flatMap((conversation): Violation[] => {
      const { conversationId: id, others: shown } = conversation;
      const log = logs.get(id) ?? [];
      const members = spans.filter((span) => span.conversationId === id && span.removedSeq === null);
      const others = members.filter((span) => span.user !== view.user);
      if (!shown || others.length === 0 || others.length === members.length) return [];
      const isWrong = ({ seq, sentAt }: Entry) => {
        const known = others.filter((span) => timeOf(log, span.joinedSeq) + accessLagMs < sentAt);
        const tick = tickOf(seq, shown);
        return (
          tick < tickOf(seq, lowest(others, storedMarks)) || tick > tickOf(seq, lowest(known, storedMarks))
        );
      };
      const wrong = ownMessages(log, view.user, conversation).filter(isWrong);
      if (wrong.length === 0) return [];
      const stored = lowest(others, storedMarks);
      const what = `${view.device} ${id}: others have read/got ${stored.read}/${stored.delivered}, and ${shown.read}/${shown.delivered} shows at ${wrong.map(({ seq }) => seq)}`;
      return [{ rule: 'MARK4', what }];
    }),
  );
}

const ownMessages = (log: readonly Entry[], user: string, { head }: ConversationView): Entry[] =>
  log.filter((entry) => entry.kind === 'message' && entry.sender === user && entry.seq <= head);

/** When the line was written that let somebody in; 0 where there is none, as in a direct conversation. */
const timeOf = (log: readonly Entry[], joined: number): number =>
  log.find((entry) => entry.seq === joined && entry.kind === 'change')?.sentAt ?? 0;

/** The minimum over these members, each of whom has what stood there before they came. */
function lowest(members: readonly MemberSpan[], marks: readonly StoredMark[]): Stand {
  const stands = members.map(({ conversationId, user, joinedSeq }) => {
    const mark = marks.find((each) => each.conversationId === conversationId && each.user === user);
    const before = joinedSeq - 1;
    return { delivered: Math.max(mark?.delivered ?? 0, before), read: Math.max(mark?.read ?? 0, before) };
  });
  return {
    delivered: Math.min(...stands.map(({ delivered }) => delivered)),
    read: Math.min(...stands.map(({ read }) => read)),
  };
}

/** 0: sent · 1: delivered to all · 2: read by all. */
const tickOf = (seq: number, { delivered, read }: Stand): 0 | 1 | 2 =>
  read >= seq ? 2 : delivered >= seq ? 1 : 0;
