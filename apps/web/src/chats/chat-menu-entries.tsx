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
import { isMuted } from '@/engine/chats';
import type { MenuEntry } from '@/look/menu-board';
import type { useWords } from '@/words/words';
import type { ChatQuestionType } from './chat-question';
import type { ChatCommands } from './use-chat-commands';

const hourMs = 3_600_000;

export type ChatMenuParts = {
  readonly words: ReturnType<typeof useWords<'chats.menu'>>;
  readonly commands: ChatCommands;
  /** Asks before what can't be undone. */
  ask(type: ChatQuestionType): void;
};

/** The menu of a chat: what applies to it. */
export function chatMenuEntries(chat: LocalConversation, parts: ChatMenuParts): readonly MenuEntry[] {
  const { words, commands } = parts;
  const muted = isMuted(chat, Date.now());
  const muteFor = (hours: number) => () => void commands.mute(chat, Date.now() + hours * hourMs);
  const member = chat.kind === 'group' && chat.removedSeq === null;
  const ask = (type: ChatQuestionType) => () => parts.ask(type);
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
    ...(member ? [{ label: words('leave'), icon: <LogOut />, danger: true, onSelect: ask('leave') }] : []),
  ];
}
