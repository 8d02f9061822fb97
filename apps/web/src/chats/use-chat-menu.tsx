'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import {
  Archive,
  ArchiveRestore,
  Bell,
  BellOff,
  CheckCheck,
  LogOut,
  Pin,
  PinOff,
  Trash2,
} from 'lucide-react';
import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';
import { isMuted } from '@/engine/chats';
import type { MenuEntry } from '@/look/menu-board';
import { useWords } from '@/words/words';
import type { ChatQuestionType } from './chat-question';
import { useChatCommands } from './use-chat-commands';

const ChatQuestion = lazy(() => import('./chat-question'));

const hourMs = 3_600_000;

export type ChatMenu = {
  entries(chat: LocalConversation): readonly MenuEntry[];
  /** To be rendered beside the list: what is asked before something that can't be undone. */
  readonly dialogs: ReactNode;
};

/** The menu of a chat in the list. */
export function useChatMenu(): ChatMenu {
  const words = useWords('chats.menu');
  const commands = useChatCommands();
  const [question, setQuestion] = useState<{ type: ChatQuestionType; chat: LocalConversation } | null>(null);

  const entries = useCallback(
    (chat: LocalConversation): readonly MenuEntry[] => {
      const muted = isMuted(chat, Date.now());
      const muteFor = (hours: number) => () => void commands.mute(chat, Date.now() + hours * hourMs);
      const member = chat.kind === 'group' && chat.removedSeq === null;
      const ask = (type: ChatQuestionType) => () => setQuestion({ type, chat });
      return [
        ...(chat.unread > 0
          ? [{ label: words('markRead'), icon: <CheckCheck />, onSelect: () => commands.markRead(chat) }]
          : []),
        chat.pinnedAt === null
          ? { label: words('pin'), icon: <Pin />, onSelect: () => void commands.pin(chat, true) }
          : { label: words('unpin'), icon: <PinOff />, onSelect: () => void commands.pin(chat, false) },
        muted
          ? { label: words('unmute'), icon: <Bell />, onSelect: () => void commands.mute(chat, null) }
          : {
              type: 'submenu',
              label: words('mute'),
              icon: <BellOff />,
              entries: [
                { label: words('mute8Hours'), onSelect: muteFor(8) },
                { label: words('muteWeek'), onSelect: muteFor(7 * 24) },
                { label: words('muteAlways'), onSelect: () => void commands.mute(chat, 0) },
              ],
            },
        chat.archived
          ? {
              label: words('unarchive'),
              icon: <ArchiveRestore />,
              onSelect: () => void commands.archive(chat, false),
            }
          : { label: words('archive'), icon: <Archive />, onSelect: () => void commands.archive(chat, true) },
        'separator',
        member
          ? { label: words('clear'), icon: <Trash2 />, onSelect: ask('clear') }
          : { label: words('delete'), icon: <Trash2 />, danger: true, onSelect: ask('delete') },
        ...(member
          ? [{ label: words('leave'), icon: <LogOut />, danger: true, onSelect: ask('leave') }]
          : []),
      ];
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
