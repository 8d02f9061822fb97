'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { ArrowLeft, EllipsisVertical } from 'lucide-react';
import { useWords } from '@/words/words';
import { usePresence } from '../../engine/hooks';
import { Avatar } from '../../look/avatar';
import { IconButton } from '../../look/icon-button';
import { MenuButton } from '../../look/menu';
import type { MenuWish } from '../../look/menu-board';
import { usePicture, useTitle } from '../use-title';
import styles from './conversation-header.module.css';
import { StatusLine } from './status-line';

type ConversationHeaderProps = {
  readonly conversation: LocalConversation;
  onBack(): void;
  onAbout(): void;
  menu(): MenuWish['entries'];
};

/** Whom one is talking with. The whole of it opens what there is to know about them. */
export function ConversationHeader({ conversation, onBack, onAbout, menu }: ConversationHeaderProps) {
  const t = useWords('conversation');
  const look = useWords('look');
  const title = useTitle(conversation);
  const picture = usePicture(conversation);
  const presence = usePresence(conversation.peer);
  const group = conversation.kind === 'group';
  return (
    <header className={styles.header}>
      <IconButton label={look('back')} className={styles.back} onClick={onBack}>
        <ArrowLeft />
      </IconButton>
      <div className={styles.who}>
        <Avatar
          id={conversation.peer ?? conversation.conversationId}
          name={title}
          pictureId={picture}
          kind={group ? 'group' : 'person'}
          online={presence?.online ?? false}
          size="normal"
        />
        <div className={styles.words}>
          <h2 className={styles.title} dir="auto">
            {title}
          </h2>
          <StatusLine conversation={conversation} />
        </div>
        <button
          type="button"
          className={styles.cover}
          aria-label={t(group ? 'groupInfo' : 'contactInfo')}
          onClick={onAbout}
        />
      </div>
      <MenuButton label={t('chatMenu')} entries={menu}>
        <EllipsisVertical />
      </MenuButton>
    </header>
  );
}
