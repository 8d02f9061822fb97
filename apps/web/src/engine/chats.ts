import { conversationKind } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';

/** `all` leaves out what is archived. */
export type ChatFilter = 'all' | 'unread' | 'groups' | 'archived';

export function orderChats(
  chats: readonly LocalConversation[],
  filter: ChatFilter,
): readonly LocalConversation[] {
  return chats
    .filter((chat) => conversationKind(chat.conversationId) !== 'account' && accepts[filter](chat))
    .sort(byPinThenActivity);
}

const accepts: Record<ChatFilter, (chat: LocalConversation) => boolean> = {
  all: (chat) => !chat.archived,
  unread: (chat) => !chat.archived && chat.unread > 0,
  groups: (chat) => !chat.archived && chat.kind === 'group',
  archived: (chat) => chat.archived,
};

function byPinThenActivity(a: LocalConversation, b: LocalConversation): number {
  return (
    (b.pinnedAt ?? -1) - (a.pinnedAt ?? -1) ||
    b.activityAt - a.activityAt ||
    (a.conversationId < b.conversationId ? -1 : 1)
  );
}

/** `now` in ms. A mute of 0 is for ever. */
export const isMuted = (chat: Pick<LocalConversation, 'mutedUntil'>, now: number): boolean =>
  chat.mutedUntil !== null && (chat.mutedUntil === 0 || chat.mutedUntil > now);

/** Unread messages of the chats that are neither muted nor archived. */
export const unreadTotal = (chats: readonly LocalConversation[], now: number): number =>
  chats.reduce((sum, chat) => (chat.archived || isMuted(chat, now) ? sum : sum + chat.unread), 0);
