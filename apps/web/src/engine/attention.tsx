'use client';

import type { MessageContent } from '@tidings/api/content';
import { type ConversationId, trustedUserId } from '@tidings/api/ids';
import { useEffect, useRef } from 'react';
import { useClient } from './client';
import { useAllChats, useUnreadTotal } from './hooks';
import { onNoticeClicked, systemNotices } from './notice-board';
import { Notifier } from './notifier';

export type AttentionProps = {
  /** The tab's title without a number. */
  readonly title: string;
  /** What a notification says of a message that isn't words alone. */
  readonly wordsFor: (content: MessageContent) => Promise<string>;
  /** A notification of this chat was clicked. */
  readonly onOpenChat: (conversation: ConversationId) => void;
};

/** Shows nothing on the page itself: the unread count on the tab and on the app's icon, and notifications while nobody looks. */
export function Attention({ title, wordsFor, onOpenChat }: AttentionProps) {
  useTabTitle(title);
  useAppBadge();
  useNotices(wordsFor);
  const open = useRef(onOpenChat);
  open.current = onOpenChat;
  useEffect(() => onNoticeClicked((conversation) => open.current(conversation)), []);
  return null;
}

function useTabTitle(title: string): void {
  const total = useUnreadTotal();
  useEffect(() => {
    document.title = total > 0 ? `(${total > 999 ? '999+' : total}) ${title}` : title;
  }, [total, title]);
}

function useAppBadge(): void {
  const total = useUnreadTotal();
  useEffect(() => {
    // Only installed apps have an icon to put it on; others refuse.
    if (total > 0) navigator.setAppBadge?.(total).catch(() => {});
    else navigator.clearAppBadge?.().catch(() => {});
  }, [total]);
}

function useNotices(wordsFor: AttentionProps['wordsFor']): void {
  const { self, store, engine } = useClient();
  const chats = useAllChats();
  const words = useRef(wordsFor);
  words.current = wordsFor;
  const notifier = useRef<Notifier>(null);
  useEffect(() => {
    notifier.current ??= new Notifier({
      self: self.userId,
      board: systemNotices,
      nameOf: async (user) => (await store.profiles([trustedUserId(user)]))[0]?.displayName ?? '',
      wanted: () => engine.leads && !engine.attended,
      wordsFor: (content) => words.current(content),
      now: Date.now,
    });
    if (chats) notifier.current.chatsChanged(chats);
  }, [chats, self, store, engine]);
}
