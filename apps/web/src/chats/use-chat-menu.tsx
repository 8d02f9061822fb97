'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { type ReactNode, Suspense, useCallback, useState } from 'react';
import type { MenuEntry } from '@/look/menu-board';
import { part } from '@/look/part';
import { useWords } from '@/words/words';
import type { ChatQuestionType } from './chat-question';
import { useChatCommands } from './use-chat-commands';

const ChatQuestion = part(() => import('./chat-question'));

export type ChatMenu = {
  entries(chat: LocalConversation): Promise<readonly MenuEntry[]>;
  /** To be rendered beside the list: what is asked before something that can't be undone. */
  readonly dialogs: ReactNode;
};

/** The menu of a chat in the list. */
export function useChatMenu(): ChatMenu {
  const words = useWords('chats.menu');
  const commands = useChatCommands();
  const [question, setQuestion] = useState<{ type: ChatQuestionType; chat: LocalConversation } | null>(null);

  const entries = useCallback(
    (chat: LocalConversation) => {
      const parts = { words, commands, ask: (type: ChatQuestionType) => setQuestion({ type, chat }) };
      return import('./chat-menu-entries').then(({ chatMenuEntries }) => chatMenuEntries(chat, parts));
    },
    [words, commands],
  );

  const dialogs = question && (
    <Suspense>
      <ChatQuestion {...question} commands={commands} onClosed={() => setQuestion(null)} />
    </Suspense>
  );
  return { entries, dialogs };
}
