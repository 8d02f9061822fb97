'use client';

import { Skeleton } from '@/look/skeleton';
import { VisuallyHidden } from '@/look/visually-hidden';
import { useWords } from '@/words/words';
import styles from './chats-skeleton.module.css';

const widths = ['58%', '40%', '66%', '48%', '36%', '61%', '44%', '53%'];

export function ChatsSkeleton() {
  const words = useWords('chats');
  return (
    <div role="status" className={styles.rows}>
      <VisuallyHidden>{words('loading')}</VisuallyHidden>
      {widths.map((width) => (
        <div key={width} className={styles.row}>
          <Skeleton width="3rem" height="3rem" round />
          <div className={styles.lines}>
            <Skeleton width={width} height="0.8125rem" />
            <Skeleton width={`calc(${width} + 22%)`} height="0.6875rem" />
          </div>
        </div>
      ))}
    </div>
  );
}
