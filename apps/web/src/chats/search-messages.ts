'use client';

import { seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { useEffect, useRef, useState } from 'react';
import { type Hit, searchLog } from '@/conversation/about/search-text';
import { useClient } from '@/engine/client';
import type { LocalReads } from '@/engine/device-store';

export type MessageHit = { readonly chat: LocalConversation; readonly hit: Hit };
export type MessagesFound = { readonly hits: readonly MessageHit[]; readonly searching: boolean };

const mostHits = 30;
const mostPerChat = 5;
const debounceMs = 250;
/** Shorter queries are in nearly every message. */
const shortest = 2;
/** Messages aren't searched for so little. */
export const isShort = (query: string): boolean => query.trim().length < shortest;
const nothing: MessagesFound = { hits: [], searching: false };

/** Messages that contain the query, in what this device holds of all chats; the chat with the newest activity first. */
export function useMessageSearch(query: string, chats: readonly LocalConversation[]): MessagesFound {
  const { store } = useClient();
  const [found, setFound] = useState(nothing);
  const latest = useRef(chats);
  latest.current = chats;
  const wanted = query.trim();

  useEffect(() => {
    if (isShort(wanted)) return setFound(nothing);
    let current = true;
    setFound((before) => ({ ...before, searching: true }));
    const timer = setTimeout(async () => {
      const hits: MessageHit[] = [];
      for await (const some of searchChats(store, latest.current, wanted)) {
        if (!current) return;
        hits.push(...some);
        if (some.length > 0) setFound({ hits: [...hits], searching: true });
        if (hits.length >= mostHits) break;
      }
      if (current) setFound({ hits, searching: false });
    }, debounceMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [store, wanted]);

  return isShort(wanted) ? nothing : found;
}

/** Page by page: whoever waits may stop at any of them. */
export async function* searchChats(
  reads: Pick<LocalReads, 'lines'>,
  chats: readonly LocalConversation[],
  query: string,
): AsyncGenerator<readonly MessageHit[]> {
  for (const chat of chats) {
    let most = mostPerChat;
    const from = {
      conversation: chat.conversationId,
      first: seq(chat.clearedSeq + 1),
      last: chat.head,
      query,
      most,
    };
    for await (const hits of searchLog(reads, from)) {
      yield hits.slice(0, most).map((hit) => ({ chat, hit }));
      most -= hits.length;
      if (most <= 0) break;
    }
  }
}
