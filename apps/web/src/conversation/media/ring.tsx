'use client';

import { Clock, X } from 'lucide-react';
import { classNames } from '../../look/class-names';
import styles from './ring.module.css';

type RingProps = {
  /** 0–1; `null`: under way, nobody knows how far; `waiting`: not under way. */
  readonly value: number | null | 'waiting';
  /** Of the progress. */
  readonly label: string;
  /** Of the button in it. Without `onCancel` there is none. */
  readonly cancelLabel?: string;
  onCancel?: (() => void) | undefined;
  readonly tabIndex: number;
  readonly plain?: boolean;
};

const radius = 20;
const around = 2 * Math.PI * radius;

/** How far something is, with a way to stop it. */
export function Ring({ value, label, cancelLabel, onCancel, tabIndex, plain }: RingProps) {
  const known = typeof value === 'number';
  return (
    <span className={classNames(styles.ring, plain && styles.plain)}>
      <span
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={known ? Math.round(value * 100) : undefined}
        className={styles.progress}
      >
        <svg
          viewBox="0 0 48 48"
          aria-hidden="true"
          className={value === 'waiting' ? undefined : styles.turning}
        >
          <circle cx="24" cy="24" r={radius} className={styles.track} />
          {value !== 'waiting' && (
            <circle
              cx="24"
              cy="24"
              r={radius}
              className={styles.arc}
              strokeDasharray={around}
              strokeDashoffset={around * (1 - Math.max(0.06, known ? value : 0.25))}
            />
          )}
        </svg>
      </span>
      {onCancel ? (
        <button
          type="button"
          className={styles.cancel}
          aria-label={cancelLabel}
          title={cancelLabel}
          tabIndex={tabIndex}
          onClick={(event) => {
            event.stopPropagation();
            onCancel();
          }}
        >
          {value === 'waiting' ? (
            <Clock aria-hidden="true" className={styles.clock} />
          ) : (
            <X aria-hidden="true" />
          )}
        </button>
      ) : (
        value === 'waiting' && <Clock aria-hidden="true" className={styles.clock} />
      )}
    </span>
  );
}
