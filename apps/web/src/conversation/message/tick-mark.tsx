import { Check, CheckCheck, CircleAlert, Clock } from 'lucide-react';
import { useWords } from '@/words/words';
import type { Tick } from '../log/tick';
import styles from './tick-mark.module.css';

const marks = {
  sending: Clock,
  failed: CircleAlert,
  sent: Check,
  delivered: CheckCheck,
  read: CheckCheck,
} as const;

export function TickMark({ tick }: { readonly tick: Tick }) {
  const t = useWords('conversation.tick');
  const Mark = marks[tick];
  return (
    <span role="img" aria-label={t(tick)} title={t(tick)} className={styles.tick} data-tick={tick}>
      <Mark aria-hidden="true" />
    </span>
  );
}
