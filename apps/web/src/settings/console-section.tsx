'use client';

import { useWords } from '@/words/words';
import { Section } from './section';
import styles from './section.module.css';

/** The way to the operators' pages, for operators. */
export function ConsoleSection() {
  const words = useWords('settings.console');
  return (
    <Section id="console" title={words('title')}>
      <p className={styles.note}>{words('text')}</p>
      <p>
        <a href="/admin">{words('open')}</a>
      </p>
    </Section>
  );
}
