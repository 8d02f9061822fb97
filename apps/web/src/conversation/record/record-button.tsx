'use client';

import { Mic } from 'lucide-react';
import type { PointerEvent } from 'react';
import { useWords } from '@/words/words';
import { IconButton } from '../../look/icon-button';
import styles from './record-button.module.css';

/** How a recording was begun: by holding the button, or by a press after which it goes on by itself. */
export type Held = {
  readonly pointer: number;
  readonly x: number;
  readonly y: number;
  /** By the clock of events, in ms. */
  readonly at: number;
  /** Let go of, perhaps before anybody listens for it. */
  released: boolean;
} | null;

/** Takes the place of `Send` while there is nothing to send. */
export default function RecordButton({ onRecord }: { onRecord(held: Held): void }) {
  const t = useWords('conversation.composer');
  const begin = (event: PointerEvent) => {
    // The focus stays in the text, and with it the keyboard of a phone.
    event.preventDefault();
    if (event.button !== 0) return;
    const { pointerId: pointer, clientX: x, clientY: y, timeStamp: at } = event;
    const held = { pointer, x, y, at, released: false };
    const release = () => {
      held.released = true;
    };
    addEventListener('pointerup', release, { once: true });
    addEventListener('pointercancel', release, { once: true });
    onRecord(held);
  };
  return (
    <IconButton
      label={t('record')}
      variant="soft"
      className={styles.button}
      onPointerDown={begin}
      // What a pointer does was begun when it went down.
      onClick={(event) => event.detail === 0 && onRecord(null)}
    >
      <Mic />
    </IconButton>
  );
}
