'use client';

import type { ConversationId } from '@tidings/api/ids';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useClient } from './client';
import { type MessagesView, MessageWindow } from './message-window';

/** The messages of a conversation as a window over the local log; only the window is ever read. */
export function useMessages(conversation: ConversationId): MessagesView {
  const { store, engine, self, windows } = useClient();
  const window = useMemo(
    () => windows.look(conversation) ?? new MessageWindow({ conversation, reads: store, engine, own: self }),
    [conversation, store, engine, self, windows],
  );
  useEffect(() => {
    const end = window.open();
    windows.taken(conversation);
    return end;
  }, [window, windows, conversation]);
  return useSyncExternalStore(window.subscribe, window.get, window.get);
}
