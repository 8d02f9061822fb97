import styles from './badge.module.css';
import { classNames } from './class-names';
import { VisuallyHidden } from './visually-hidden';

export type BadgeProps = {
  /** Shown up to 999. */
  readonly count: number;
  /** Its accessible name: `3 unread`. */
  readonly label: string;
  readonly muted?: boolean;
};

export function Badge({ count, label, muted = false }: BadgeProps) {
  return (
    <span role="img" aria-label={label} className={classNames(styles.badge, muted && styles.muted)}>
      <span aria-hidden="true">{count > 999 ? '999+' : count}</span>
      <VisuallyHidden>{label}</VisuallyHidden>
    </span>
  );
}
