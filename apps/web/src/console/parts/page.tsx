import type { ReactNode } from 'react';
import styles from './page.module.css';

type PageProps = { readonly title: string; readonly intro: string; readonly children: ReactNode };

/** One page of the console. */
export function Page({ title, intro, children }: PageProps) {
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.intro}>{intro}</p>
      {children}
    </div>
  );
}
