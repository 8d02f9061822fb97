'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { useEffect, useRef } from 'react';
import { isMuted } from '@/engine/chats';
import { useClient } from '@/engine/client';
import { useAllChats } from '@/engine/hooks';
import { isSoundOn, playChime } from '@/look/sound';
import { currentRoute } from './navigation';

/** Sounds when a message comes that nobody is looking at. In one tab only: the one that holds the connection. */
export function Chime() {
  const { engine, self } = useClient();
  const chats = useAllChats();
  const known = useRef<ReadonlyMap<string, LocalConversation> | null>(null);
  useEffect(() => {
    if (!chats) return;
    const before = known.current;
    known.current = new Map(chats.map((chat) => [chat.conversationId, chat]));
    if (!before || !engine.leads || !isSoundOn()) return;
    if (chats.some((chat) => isNews(before.get(chat.conversationId), chat, self.userId))) playChime();
  }, [chats, engine, self]);
  return null;
}

function isNews(before: LocalConversation | undefined, chat: LocalConversation, self: string): boolean {
  const line = chat.last;
  if (line?.kind !== 'message' || line.sender === self || line.seq <= (before?.last?.seq ?? 0)) return false;
  if (line.seq <= chat.read || chat.archived || isMuted(chat, Date.now())) return false;
  const looking = document.hasFocus() && currentRoute().chat === chat.conversationId;
  // What is brought in after a long time away is no news of this moment.
  return !looking && Date.now() - line.sentAt < 60_000;
}
