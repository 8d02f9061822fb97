'use client';

import { ShieldAlert } from 'lucide-react';
import Link from 'next/link';
import { EmptyState } from '@/look/empty-state';
import { PaneFailure } from '@/shell/pane-failure';
import { useWords } from '@/words/words';
import styles from './console.module.css';
import { ConsoleShell } from './console-shell';
import { useStanding } from './use-standing';

/** For operators. The server decides who that is at every call; this only says so before anything is asked for. */
export function Console() {
  const { standing, again } = useStanding();
  const words = useWords('console');
  switch (standing) {
    case 'operator':
      return <ConsoleShell />;
    case 'asking':
      return <main className={styles.alone} aria-busy="true" aria-label={words('title')} />;
    case 'unknown':
      return (
        <main className={styles.alone}>
          <PaneFailure onRetry={again} />
        </main>
      );
    case 'nobody':
      return (
        <main className={styles.alone}>
          <EmptyState
            picture={<ShieldAlert />}
            title={words('refused.title')}
            titleAs="h1"
            actions={<Link href="/">{words('toChats')}</Link>}
          >
            {words('refused.text')}
          </EmptyState>
        </main>
      );
    default:
      return standing satisfies never;
  }
}
