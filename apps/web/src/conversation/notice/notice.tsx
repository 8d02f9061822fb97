'use client';

import type { LocalEntry } from '@tidings/client/local-store';
import { memo } from 'react';
import { useChangeSentence } from '@/chats/use-change-sentence';
import { useWords } from '@/words/words';
import styles from './notice.module.css';

type NoticeProps = { readonly entry: LocalEntry; readonly active: boolean };

/** A line that nobody said: a change of the group, or a kind of entry that this version doesn't know. */
export const Notice = memo(function Notice({ entry, active }: NoticeProps) {
  const t = useWords('conversation');
  return (
    <div className={styles.notice} data-line={`seq ${entry.seq}`} tabIndex={active ? 0 : -1}>
      <p>{entry.kind === 'change' ? <Change entry={entry} /> : t('notSupported')}</p>
    </div>
  );
});

function Change({ entry }: { readonly entry: LocalEntry }) {
  return useChangeSentence(entry);
}
