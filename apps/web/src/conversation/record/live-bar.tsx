'use client';

import { ChevronLeft, LockKeyhole, SendHorizontal, Square, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useWords } from '@/words/words';
import { IconButton } from '../../look/icon-button';
import { clock } from '../media/clock';
import styles from './recording.module.css';
import type { RecordingState } from './use-recording';

type LiveBarProps = {
  readonly state: Extract<RecordingState, { type: 'recording' }>;
  onStop(): void;
  onDiscard(): void;
  onSend(): void;
};

/** While it records: how long, how loud, and the ways to end it. */
export function LiveBar({ state, onStop, onDiscard, onSend }: LiveBarProps) {
  const t = useWords('media.record');
  const words = useWords('conversation.composer');
  const { elapsedMs, levels, held } = state;
  const stop = useRef<HTMLButtonElement>(null);
  const locked = held === null;
  // The button that began it is covered now.
  useEffect(() => {
    if (locked) stop.current?.focus();
  }, [locked]);
  return (
    <>
      {locked && (
        <IconButton label={t('discard')} onClick={onDiscard}>
          <Trash2 />
        </IconButton>
      )}
      <span className={styles.dot} aria-hidden="true" />
      <span role="timer" className={styles.time}>
        {clock(elapsedMs)}
      </span>
      <Levels levels={levels} />
      {locked ? (
        <>
          <IconButton ref={stop} label={t('stop')} variant="soft" onClick={onStop}>
            <Square className={styles.square} />
          </IconButton>
          <IconButton label={words('send')} variant="primary" onClick={onSend}>
            <SendHorizontal />
          </IconButton>
        </>
      ) : (
        <>
          <span
            className={styles.slide}
            style={{ opacity: 1 - held.slid, translate: `${held.slid * -2}rem 0` }}
          >
            <ChevronLeft aria-hidden="true" />
            {t('slide')}
          </span>
          <span className={styles.lock} title={t('lock')}>
            <LockKeyhole aria-hidden="true" />
          </span>
        </>
      )}
    </>
  );
}

/** The last seconds, running to the left. */
function Levels({ levels }: { readonly levels: readonly number[] }) {
  return (
    <span className={styles.levels} aria-hidden="true">
      {levels.map((level, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
        <span key={index} style={{ height: `${Math.max(8, level * 100)}%` }} />
      ))}
    </span>
  );
}
