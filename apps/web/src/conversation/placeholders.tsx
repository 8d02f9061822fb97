'use client';

import type { ConversationId } from '@tidings/api/ids';
import { useEffect, useState } from 'react';
import { useWords } from '@/words/words';
import { useConnection, useEngine } from '../engine/hooks';
import { Button } from '../look/button';
import { EmptyState } from '../look/empty-state';
import { Skeleton } from '../look/skeleton';
import { closeChat } from '../shell/navigation';
import styles from './conversation.module.css';

/** For the few milliseconds that the local store takes. */
export function OpeningConversation() {
  return (
    <section className={styles.conversation} aria-busy="true">
      <div className={styles.skeletonHeader}>
        <Skeleton width="2.5rem" height="2.5rem" round />
        <Skeleton width="9rem" />
      </div>
      <div className={styles.skeletonLog} />
    </section>
  );
}

/** This device doesn't know the chat: a link from elsewhere, or one that is still to come. The server is asked once. */
export function MissingConversation({ id }: { readonly id: ConversationId }) {
  const t = useWords('conversation');
  const engine = useEngine();
  const live = useConnection().type === 'live';
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!live) return;
    let wanted = true;
    engine
      .refresh(id)
      .catch(() => {})
      .finally(() => wanted && setAsked(true));
    return () => {
      wanted = false;
    };
  }, [engine, id, live]);
  if (live && !asked) return <OpeningConversation />;
  return (
    <section className={styles.conversation}>
      <EmptyState title={t('goneTitle')} actions={<Button onClick={closeChat}>{t('toChats')}</Button>}>
        {t('gone')}
      </EmptyState>
    </section>
  );
}
