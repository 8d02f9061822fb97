'use client';

import { conversationId, directId, type UserId } from '@tidings/api/ids';
import { useCallback, useRef } from 'react';
import { useClient } from '@/engine/client';
import { toast } from '@/look/toast';
import { openChat } from '@/shell/navigation';
import { useErrorText } from '@/words/error-text';

/**
 * Opens the chat with a user: at once when this device knows it, otherwise the server makes it. Answers whether it is open;
 * says why when it isn't.
 */
export function useOpenDirect(): (user: UserId) => Promise<boolean> {
  const { engine, store, self } = useClient();
  const errorText = useErrorText();
  const busy = useRef(false);
  return useCallback(
    async (user) => {
      if (busy.current || user === self.userId) return false;
      busy.current = true;
      try {
        const id = directId(self.userId, user);
        if (!(await store.conversation(id))) {
          const head = await engine.api.conversation.open.mutate({ userId: user });
          await engine.refresh(conversationId(head.conversationId));
        }
        openChat(id);
        return true;
      } catch (error) {
        toast(errorText(error), { kind: 'bad' });
        return false;
      } finally {
        busy.current = false;
      }
    },
    [engine, store, self, errorText],
  );
}
