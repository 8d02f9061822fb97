import type { ConversationId } from '@tidings/api/ids';
import type { LocalConversation, OutboxItem } from '@tidings/client/local-store';

/**
 * Leaves out what has nothing to show: a direct chat that somebody opened without a word, and what was deleted here. The open
 * one stays, and so does what waits to be sent.
 */
export function chatsWithSomething(
  chats: readonly LocalConversation[],
  waiting: ReadonlyMap<ConversationId, OutboxItem>,
  open: ConversationId | null,
): readonly LocalConversation[] {
  return chats.filter(
    (chat) => chat.conversationId === open || waiting.has(chat.conversationId) || hasSomething(chat),
  );
}

function hasSomething(chat: LocalConversation): boolean {
  const current = chat.kind === 'group' && chat.removedSeq === null;
  return current || chat.draft !== null || chat.head > chat.clearedSeq;
}
