'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { MessageCircle } from 'lucide-react';
import { useWords } from '@/words/words';
import { EmptyState } from '../../look/empty-state';
import { useTitle } from '../use-title';
import styles from './message-log.module.css';

export function EmptyLog({ conversation }: { readonly conversation: LocalConversation }) {
  const t = useWords('conversation');
  const title = useTitle(conversation);
  const direct = conversation.kind === 'direct';
  return (
    <div className={styles.empty}>
      <EmptyState picture={<MessageCircle />} title={t('emptyTitle')}>
        {direct ? t('emptyDirect', { name: title }) : t('emptyGroup')}
      </EmptyState>
    </div>
  );
}
