'use client';

import type { ConversationId } from '@tidings/api/ids';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useClient } from './client';
import { type MessagesView, MessageWindow, type WindowOptions } from './message-window';

/** The messages of a conversation as a window over the local log; only the window is ever read. Options count at mount. */
export function useMessages(conversation: ConversationId, options: WindowOptions = {}): MessagesView {
  const { store, engine, self } = useClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the options say where to begin; a window that somebody scrolls stays.
  const window = useMemo(
    () => new MessageWindow({ conversation, reads: store, engine, own: self }, options),
    [conversation, store, engine, self],
  );
  useEffect(() => window.open(), [window]);
  return useSyncExternalStore(window.subscribe, window.get, window.get);
}
