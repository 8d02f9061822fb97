import type { ReactNode } from 'react';
import styles from './storage-part.module.css';

type StoragePartProps = { readonly title: string; readonly note: string; readonly children: ReactNode };

/** What Settings → Storage says of one thing. */
export function StoragePart({ title, note, children }: StoragePartProps) {
  return (
    <div className={styles.part}>
      <h4 className={styles.title}>{title}</h4>
      <p className={styles.note}>{note}</p>
      {children}
    </div>
  );
}
