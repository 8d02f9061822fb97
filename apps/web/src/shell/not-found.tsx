'use client';

import { Compass } from 'lucide-react';
import Link from 'next/link';
import { EmptyState } from '@/look/empty-state';
import { useWords } from '@/words/words';
import styles from './not-found.module.css';

/** The page for an address that there isn't. */
export function NotFound() {
  const words = useWords('shell.notFound');
  return (
    <main className={styles.page}>
      <EmptyState
        picture={<Compass />}
        title={words('title')}
        titleAs="h1"
        actions={<Link href="/">{words('home')}</Link>}
      >
        {words('text')}
      </EmptyState>
    </main>
  );
}
