import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

export type EmptyStateProps = {
  readonly picture?: ReactNode;
  readonly title: string;
  /** `h1` where it is all that a page says. */
  readonly titleAs?: 'p' | 'h1';
  readonly children?: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
};

export function EmptyState({ picture, title, titleAs: Title = 'p', children, actions }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {picture && (
        <div aria-hidden="true" className={styles.picture}>
          {picture}
        </div>
      )}
      <Title className={styles.title}>{title}</Title>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
