'use client';

import { ChatsSkeleton } from '@/chats/chats-skeleton';
import { Logo } from '@/look/logo';
import styles from './shell-skeleton.module.css';

/** What shows until the local store is open; also what the exported page holds, before any program runs. */
export function ShellSkeleton() {
  return (
    <div className={styles.app}>
      <div className={styles.list}>
        <div className={styles.head}>
          <Logo size={32} />
        </div>
        <ChatsSkeleton />
      </div>
    </div>
  );
}
