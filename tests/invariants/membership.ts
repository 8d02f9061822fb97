import { parseGroupChange } from '@tidings/api/content';
import type { Entry } from '@tidings/api/entry';
import { type ConversationId, conversationKind, seq, type UserId, usersNamedBy } from '@tidings/api/ids';
import type { MemberSpan } from './history.ts';

/** Every span that anyone ever had in a conversation, ascending by joinedSeq: read from its log alone, whatever the directory says. */
export function spansOf(conversationId: ConversationId, log: readonly Entry[]): MemberSpan[] {
  if (conversationKind(conversationId) !== 'group')
    return usersNamedBy(conversationId).map((user) => ({
      conversationId,
      user,
      joinedSeq: seq(1),
      removedSeq: null,
    }));
  const spans: MemberSpan[] = [];
  const open = new Map<UserId, MemberSpan>();
  const join = (user: UserId, entry: Entry) => {
    if (!open.has(user)) open.set(user, { conversationId, user, joinedSeq: entry.seq, removedSeq: null });
  };
  const leave = (user: UserId, entry: Entry) => {
    const span = open.get(user);
    if (span) spans.push({ ...span, removedSeq: entry.seq });
    open.delete(user);
  };
  for (const entry of countedOnce(log)) {
    const change = entry.kind === 'change' ? parseGroupChange(entry.content) : null;
    if (change?.type === 'created') for (const user of [entry.sender, ...change.members]) join(user, entry);
    if (change?.type === 'added') for (const user of change.users) join(user, entry);
    if (change?.type === 'removed') leave(change.user, entry);
    if (change?.type === 'left') leave(entry.sender, entry);
  }
  return [...spans, ...open.values()];
}

/** A change that was written twice counts once (SEND3). */
function countedOnce(log: readonly Entry[]): Entry[] {
  const seen = new Set<string>();
  return log.filter((entry) => {
    const key = `${entry.sender}/${entry.device ?? ''}/${entry.clientId}`;
    if (entry.clientId === undefined || !seen.has(key)) {
      seen.add(key);
      return true;
    }
    return false;
  });
}
