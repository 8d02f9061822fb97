'use client';

import { useWords } from '@/words/words';
import styles from './composer.module.css';

/** In place of the composer where one is no member any more. */
export function ClosedComposer() {
  const t = useWords('conversation.composer');
  return <p className={styles.closed}>{t('noMember')}</p>;
}
