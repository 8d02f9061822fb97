'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { Bell, BellOff, Images, Search, Star } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { useChatCommands } from '@/chats/use-chat-commands';
import { useWords } from '@/words/words';
import { isMuted } from '../../engine/chats';
import { openMenu } from '../../look/menu-board';
import type { Panel } from '../conversation-view';
import styles from './about.module.css';

type ChatRowsProps = {
  readonly conversation: LocalConversation;
  onPanel(panel: Panel): void;
  readonly children?: ReactNode;
};

/** What one may do with any chat. */
export function ChatRows({ conversation, onPanel, children }: ChatRowsProps) {
  const t = useWords('details');
  const media = useWords('media.gallery');
  return (
    <div className={styles.rows}>
      <button type="button" className={styles.row} onClick={() => onPanel('gallery')}>
        <Images aria-hidden="true" />
        {media('title')}
      </button>
      <button type="button" className={styles.row} onClick={() => onPanel('search')}>
        <Search aria-hidden="true" />
        {t('search.title')}
      </button>
      <button type="button" className={styles.row} onClick={() => onPanel('starred')}>
        <Star aria-hidden="true" />
        {t('starredList.title')}
      </button>
      <MuteRow conversation={conversation} />
      {children}
    </div>
  );
}

const hourMs = 3_600_000;

function MuteRow({ conversation }: { readonly conversation: LocalConversation }) {
  const t = useWords('chats.menu');
  const commands = useChatCommands();
  const muted = isMuted(conversation, Date.now());
  const ask = (event: MouseEvent<HTMLButtonElement>) => {
    const muteFor = (hours: number) => () => void commands.mute(conversation, Date.now() + hours * hourMs);
    openMenu({
      label: t('mute'),
      at: event.currentTarget,
      entries: [
        { label: t('mute8Hours'), onSelect: muteFor(8) },
        { label: t('muteWeek'), onSelect: muteFor(7 * 24) },
        { label: t('muteAlways'), onSelect: () => void commands.mute(conversation, 0) },
      ],
    });
  };
  if (muted) {
    return (
      <button type="button" className={styles.row} onClick={() => void commands.mute(conversation, null)}>
        <Bell aria-hidden="true" />
        {t('unmute')}
      </button>
    );
  }
  return (
    <button type="button" className={styles.row} aria-haspopup="menu" onClick={ask}>
      <BellOff aria-hidden="true" />
      {t('mute')}
    </button>
  );
}
