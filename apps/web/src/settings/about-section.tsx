'use client';

import { protocolVersion } from '@tidings/api/protocol';
import { useInstall, useUpdate } from '@/engine/use-app';
import { Button } from '@/look/button';
import { useWords } from '@/words/words';
import { version } from '../../package.json';
import { Section } from './section';
import styles from './section.module.css';

export function AboutSection({ onShortcuts }: { onShortcuts(): void }) {
  const words = useWords('settings.about');
  const install = useInstall();
  const update = useUpdate();
  return (
    <Section id="about" title={words('title')}>
      <p>{words('version', { version, protocol: protocolVersion })}</p>
      <p className={styles.note}>{words('text')}</p>
      <div className={styles.actions}>
        <Button onClick={onShortcuts}>{words('shortcuts')}</Button>
        {install.available && <Button onClick={() => void install.install()}>{words('install')}</Button>}
        {update.available && <Button onClick={() => update.apply()}>{words('update')}</Button>}
      </div>
    </Section>
  );
}
