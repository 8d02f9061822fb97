'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import type { ReactNode } from 'react';
import { useLocale } from 'use-intl/react';
import { useChatMenu } from '@/chats/use-chat-menu';
import { useWords } from '@/words/words';
import type { MenuEntry } from '../../look/menu-board';
import type { Panel } from '../conversation-view';

type HeaderMenu = { entries(): Promise<readonly MenuEntry[]>; readonly dialogs: ReactNode };

/** What can be done with the open chat: what is to be seen of it, then what the list offers too. */
export function useHeaderMenu(conversation: LocalConversation, show: (panel: Panel) => void): HeaderMenu {
  const t = useWords('conversation');
  const locale = useLocale();
  const { entries, dialogs } = useChatMenu();
  const about = t(conversation.kind === 'group' ? 'groupInfo' : 'contactInfo');
  return {
    entries: async () => {
      const [{ headerMenuEntries }, ofChat] = await Promise.all([
        import('./header-menu-entries'),
        entries(conversation),
      ]);
      return [...headerMenuEntries(about, show, locale), 'separator', ...ofChat];
    },
    dialogs,
  };
}
