'use client';

import type { LocalEntry } from '@tidings/client/local-store';
import { useNameOrYou } from '../people';
import { useTimes } from '../time/use-times';
import styles from './about.module.css';

type MessageHitProps = {
  readonly entry: LocalEntry;
  /** The text, split around what was found in it. */
  readonly parts: readonly [string, string, string];
  onPress(): void;
};

/** A message in a list that leads to it. */
export function MessageHit({ entry, parts: [before, found, after], onPress }: MessageHitProps) {
  const name = useNameOrYou(entry.sender);
  const times = useTimes();
  return (
    <button type="button" className={styles.hit} onClick={onPress}>
      <span className={styles.hitHead}>
        <span dir="auto">{name}</span>
        <time dateTime={new Date(entry.sentAt).toISOString()}>{times.moment(entry.sentAt)}</time>
      </span>
      <span className={styles.hitText} dir="auto">
        {before}
        {found !== '' && <mark>{found}</mark>}
        {after}
      </span>
    </button>
  );
}
