'use client';

import type { LocalEntry } from '@tidings/client/local-store';
import { Star } from 'lucide-react';
import { useWords } from '@/words/words';
import type { Tick } from '../log/tick';
import { useTimes } from '../time/use-times';
import styles from './meta.module.css';
import { TickMark } from './tick-mark';

type MetaProps = {
  readonly id: string;
  readonly entry: LocalEntry | null;
  readonly at: number;
  readonly tick: Tick | null;
};

/** When it was sent and how far it got, in the last line of a bubble. */
export function Meta({ id, entry, at, tick }: MetaProps) {
  const t = useWords('conversation');
  const times = useTimes();
  const shown = entry && !entry.deleted ? entry : null;
  return (
    <span id={id} className={styles.meta}>
      {shown?.starredAt !== undefined && (
        <span role="img" aria-label={t('starred')} className={styles.star}>
          <Star aria-hidden="true" />
        </span>
      )}
      {shown?.editedAt !== undefined && <span title={times.full(shown.editedAt)}>{t('edited')}</span>}
      <time dateTime={new Date(at).toISOString()} title={times.full(at)}>
        {times.clock(at)}
      </time>
      {tick && <TickMark tick={tick} />}
    </span>
  );
}
