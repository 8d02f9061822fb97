import type { ReactNode } from 'react';
import styles from './section.module.css';

type SectionProps = {
  readonly id: string;
  readonly title: string;
  readonly intro?: ReactNode;
  readonly children: ReactNode;
};

export function Section({ id, title, intro, children }: SectionProps) {
  return (
    <section id={`settings-${id}`} aria-labelledby={`settings-${id}-title`} className={styles.section}>
      <h3 id={`settings-${id}-title`} className={styles.title} tabIndex={-1}>
        {title}
      </h3>
      {intro && <p className={styles.intro}>{intro}</p>}
      <div className={styles.body}>{children}</div>
    </section>
  );
}
