'use client';

import { TidingsError } from '@tidings/api/errors';
import type { ConversationId } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { useMemo } from 'react';
import { useEngine } from '@/engine/hooks';
import { toast } from '@/look/toast';
import { closeChat, currentRoute } from '@/shell/navigation';
import { useErrorToast } from '@/words/error-toast';
import { useWords } from '@/words/words';

export type ChatCommands = ReturnType<typeof useChatCommands>;

/** What can be done to a chat as a whole. All but leaving work offline; a failure is said here. */
export function useChatCommands() {
  const engine = useEngine();
  const words = useWords('chats');
  const tell = useErrorToast();
  return useMemo(() => {
    const put = (key: string, id: ConversationId, value: unknown) =>
      engine.putItems([{ key: `${key}:${id}`, value }]).catch(tell);
    const closeIfOpen = (id: ConversationId) => {
      if (currentRoute().chat === id) closeChat();
    };
    return {
      pin: (chat: LocalConversation, on: boolean) => put('pin', chat.conversationId, on ? Date.now() : null),
      /** Until when; 0 for ever; null ends it. */
      mute: (chat: LocalConversation, until: number | null) => put('mute', chat.conversationId, until),
      archive: async ({ conversationId: id }: LocalConversation, on: boolean) => {
        await put('archive', id, on ? true : null);
        if (on) closeIfOpen(id);
        toast(words(on ? 'archived' : 'unarchived'), {
          id: `archive ${id}`,
          action: { label: words('undo'), onPress: () => void put('archive', id, on ? null : true) },
        });
      },
      markRead: ({ conversationId, head }: LocalConversation) => engine.markRead(conversationId, head),
      /** Hides all that is there now, on all of the user's devices. */
      clear: async ({ conversationId, head }: LocalConversation) => {
        await put('clear', conversationId, head);
        closeIfOpen(conversationId);
      },
      /** Rejects after saying why. */
      leave: async ({ conversationId }: LocalConversation) => {
        try {
          await engine.api.group.leave.mutate({ conversationId });
          await engine.refresh(conversationId);
        } catch (error) {
          tell(error);
          throw error instanceof TidingsError
            ? error
            : new TidingsError('internal', 'leave', { cause: error });
        }
      },
    };
  }, [engine, words, tell]);
}
