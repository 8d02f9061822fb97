'use client';

import { useWords } from '@/words/words';
import { useTimes } from '../time/use-times';
import styles from './dividers.module.css';

export function DayDivider({ at }: { readonly at: number }) {
  const times = useTimes();
  return (
    <div className={styles.day}>
      <span className={styles.pill}>{times.day(at)}</span>
    </div>
  );
}

export function UnreadDivider({ count }: { readonly count: number }) {
  const t = useWords('conversation');
  return (
    <div className={styles.unread}>
      <span>{t('unreadMessages', { count })}</span>
    </div>
  );
}

/** The day of the uppermost line, over the lines while one scrolls. The dividers say the same where they stand. */
export function FloatingDay({ at, shown }: { readonly at: number; readonly shown: boolean }) {
  const times = useTimes();
  return (
    <div aria-hidden="true" className={styles.floating} data-shown={shown || undefined}>
      <span className={styles.pill}>{times.day(at)}</span>
    </div>
  );
}
