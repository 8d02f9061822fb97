'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { useWords } from '@/words/words';
import { useProfile } from '../../engine/hooks';
import { Avatar } from '../../look/avatar';
import type { Panel } from '../conversation-view';
import { StatusLine } from '../header/status-line';
import { useName } from '../people';
import styles from './about.module.css';
import { ChatRows } from './chat-rows';

type ContactAboutProps = { readonly conversation: LocalConversation; onPanel(panel: Panel): void };

export function ContactAbout({ conversation, onPanel }: ContactAboutProps) {
  const t = useWords('details.about');
  const profile = useProfile(conversation.peer);
  const name = useName(conversation.peer);
  return (
    <div className={styles.scroll}>
      <div className={styles.who}>
        <Avatar id={conversation.peer ?? ''} name={name} pictureId={profile?.avatarId} size="huge" />
        <p className={styles.name} dir="auto">
          {name}
        </p>
        {profile && <p className={styles.soft}>@{profile.username}</p>}
        <StatusLine conversation={conversation} />
      </div>
      {profile && profile.about !== '' && (
        <section className={styles.block}>
          <h3 className={styles.heading}>{t('about')}</h3>
          <p className={styles.about} dir="auto">
            {profile.about}
          </p>
        </section>
      )}
      <ChatRows conversation={conversation} onPanel={onPanel} />
    </div>
  );
}
