import type { ReactNode } from 'react';
import styles from './tag.module.css';

/** A word about something's state. */
export function Tag({ kind = 'plain', children }: { readonly kind?: 'plain' | 'bad'; readonly children: ReactNode }) {
  return (
    <span className={styles.tag} data-kind={kind}>
      {children}
    </span>
  );
}
