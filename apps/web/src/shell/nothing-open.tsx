'use client';

import { useWords } from '@/words/words';
import styles from './nothing-open.module.css';

/** Beside the list, before anything is open: the tide, and what to do. Phones never see it. */
export function NothingOpen() {
  const words = useWords('shell');
  return (
    <div className={styles.nothing}>
      <svg aria-hidden="true" viewBox="0 0 240 132" className={styles.tide}>
        <circle cx="168" cy="34" r="13" />
        <g>
          <path d="M20 58c25-22 50-22 75 0s50 22 75 0 50-22 75 0" />
          <path d="M-5 82c25-22 50-22 75 0s50 22 75 0 50-22 75 0" />
          <path d="M20 106c25-22 50-22 75 0s50 22 75 0 50-22 75 0" />
        </g>
      </svg>
      <p className={styles.title}>{words('nothingOpen')}</p>
      <p>{words('nothingOpenText')}</p>
    </div>
  );
}
