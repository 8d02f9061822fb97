'use client';

import type { ContactCard as Card } from '@tidings/api/media';
import { MessageCircle } from 'lucide-react';
import { useOpenDirect } from '@/chats/use-open-direct';
import { useWords } from '@/words/words';
import { useProfile, useSelf } from '../../engine/hooks';
import { Avatar } from '../../look/avatar';
import styles from './contact-card.module.css';
import { useHolder } from './holder';

/** Somebody whom the sender knows, as this server knows them now; a press opens the chat with them. */
export function ContactCard({ contact }: { readonly contact: Card }) {
  const t = useWords('media.contact');
  const self = useSelf();
  const { tabIndex } = useHolder();
  const profile = useProfile(contact.user);
  const openDirect = useOpenDirect();
  const name = profile?.displayName ?? contact.name;
  return (
    <span className={styles.card}>
      <span className={styles.who}>
        <Avatar id={contact.user} name={name} pictureId={profile?.avatarId} size="large" />
        <span className={styles.words}>
          <span className={styles.name} dir="auto">
            {name}
          </span>
          <span className={styles.about}>{profile ? `@${profile.username}` : t('contact')}</span>
        </span>
      </span>
      {contact.user !== self.userId && (
        <button
          type="button"
          className={styles.open}
          tabIndex={tabIndex}
          aria-label={t('message', { name })}
          onClick={() => void openDirect(contact.user)}
        >
          <MessageCircle aria-hidden="true" />
          {t('open')}
        </button>
      )}
    </span>
  );
}
