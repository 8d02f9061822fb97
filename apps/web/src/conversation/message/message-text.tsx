'use client';

import { useState } from 'react';
import { useWords } from '@/words/words';
import { emojiCount } from '../text/emoji-only';
import { Linked } from '../text/linked';
import { beginningOf } from '../text/shorten';
import styles from './message-text.module.css';

/** Which messages were unfolded: a line that scrolls away and comes back is as high as it was. */
const unfolded = new Set<string>();

type MessageTextProps = { readonly text: string; readonly foldKey: string; readonly tabIndex: number };

export function MessageText({ text, foldKey, tabIndex }: MessageTextProps) {
  const t = useWords('conversation');
  const [whole, setWhole] = useState(() => unfolded.has(foldKey));
  const beginning = whole ? null : beginningOf(text);
  const emoji = emojiCount(text);
  const unfold = () => {
    unfolded.add(foldKey);
    setWhole(true);
  };
  return (
    <span dir="auto" className={styles.text} data-emoji={emoji || undefined}>
      {emoji > 0 ? text.trim() : <Linked tabIndex={tabIndex}>{beginning ?? text}</Linked>}
      {beginning !== null && (
        <>
          {'… '}
          <button type="button" className={styles.more} tabIndex={tabIndex} onClick={unfold}>
            {t('readMore')}
          </button>
        </>
      )}
    </span>
  );
}
