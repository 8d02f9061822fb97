import { accountId, type ConversationId, groupId } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { expect, test } from 'vitest';
import { isMuted, orderChats, unreadTotal } from './chats';
import { anna, conversation } from './testing/seed';

const at = (name: string, changes: Partial<LocalConversation> = {}): LocalConversation =>
  conversation([], { conversationId: groupId(name.padEnd(8, '-')), kind: 'group', ...changes });
const names = (chats: readonly LocalConversation[]) =>
  chats.map((chat) => /group:(\w+)/.exec(chat.conversationId)?.[1]);

const chats = [
  at('quiet', { activityAt: 1 }),
  at('lively', { activityAt: 9, unread: 3 }),
  at('pinned', { activityAt: 2, pinnedAt: 100 }),
  at('newpin', { activityAt: 1, pinnedAt: 200, unread: 2 }),
  at('away', { activityAt: 50, archived: true, unread: 5 }),
  conversation([], { conversationId: accountId(anna) as ConversationId }),
];

test('pinned chats come first, the newest pin on top; then the most recent', () => {
  expect(names(orderChats(chats, 'all'))).toEqual(['newpin', 'pinned', 'lively', 'quiet']);
  expect(names(orderChats(chats, 'unread'))).toEqual(['newpin', 'lively']);
  expect(names(orderChats(chats, 'archived'))).toEqual(['away']);
});

test('muted and archived chats do not count on the badge; a mute ends', () => {
  expect(
    unreadTotal(
      [...chats, at('muted', { unread: 7, mutedUntil: 0 }), at('ended', { unread: 1, mutedUntil: 500 })],
      1_000,
    ),
  ).toBe(6);
  expect([
    isMuted({ mutedUntil: 0 }, 1),
    isMuted({ mutedUntil: 500 }, 499),
    isMuted({ mutedUntil: null }, 1),
  ]).toEqual([true, true, false]);
});
