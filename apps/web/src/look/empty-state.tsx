import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

export type EmptyStateProps = {
  readonly picture?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
};

export function EmptyState({ picture, title, children, actions }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {picture && (
        <div aria-hidden="true" className={styles.picture}>
          {picture}
        </div>
      )}
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
