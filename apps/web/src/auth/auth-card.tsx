'use client';

import type { ReactNode } from 'react';
import { Logo } from '@/look/logo';
import { ToastLayer } from '@/look/toast-layer';
import { useWords } from '@/words/words';
import styles from './auth-card.module.css';

type AuthCardProps = {
  readonly title: string;
  readonly intro?: string | undefined;
  readonly children: ReactNode;
  /** The way to the other form. */
  readonly other: ReactNode;
};

export function AuthCard({ title, intro, children, other }: AuthCardProps) {
  const words = useWords('auth');
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <Logo size={52} />
          <div>
            <p className={styles.name}>Tidings</p>
            <p className={styles.tagline}>{words('tagline')}</p>
          </div>
        </div>
        <h1 className={styles.title}>{title}</h1>
        {intro && <p className={styles.intro}>{intro}</p>}
        {children}
        <p className={styles.other}>{other}</p>
      </div>
      <ToastLayer />
    </main>
  );
}
