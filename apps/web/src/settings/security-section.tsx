'use client';

import { Suspense, useState } from 'react';
import { Button } from '@/look/button';
import { part } from '@/look/part';
import { useWords } from '@/words/words';
import { Section } from './section';
import styles from './section.module.css';

const PasswordDialog = part(() => import('./password-dialog'));

export function SecuritySection() {
  const words = useWords('settings.security');
  const [changing, setChanging] = useState(false);
  return (
    <Section id="security" title={words('title')}>
      <p className={styles.note}>{words('text')}</p>
      <div className={styles.actions}>
        <Button onClick={() => setChanging(true)}>{words('change')}</Button>
      </div>
      {changing && (
        <Suspense>
          <PasswordDialog onClosed={() => setChanging(false)} />
        </Suspense>
      )}
    </Section>
  );
}
