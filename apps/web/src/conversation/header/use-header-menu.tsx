'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { Info, Search, Star } from 'lucide-react';
import type { ReactNode } from 'react';
import { useChatMenu } from '@/chats/use-chat-menu';
import { useWords } from '@/words/words';
import type { MenuEntry } from '../../look/menu-board';
import type { Panel } from '../conversation-view';

type HeaderMenu = { entries(): readonly MenuEntry[]; readonly dialogs: ReactNode };

/** What can be done with the open chat: what is to be seen of it, then what the list offers too. */
export function useHeaderMenu(conversation: LocalConversation, show: (panel: Panel) => void): HeaderMenu {
  const t = useWords('conversation');
  const { entries, dialogs } = useChatMenu();
  const about = t(conversation.kind === 'group' ? 'groupInfo' : 'contactInfo');
  return {
    entries: () => [
      { label: about, icon: <Info />, onSelect: () => show('about') },
      { label: t('search.title'), icon: <Search />, onSelect: () => show('search') },
      { label: t('starredList.title'), icon: <Star />, onSelect: () => show('starred') },
      'separator',
      ...entries(conversation),
    ],
    dialogs,
  };
}
