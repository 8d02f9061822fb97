'use client';

import { useCallback, useEffect, useState } from 'react';
import { useTrouble } from '@/engine/hooks';
import { Button } from '@/look/button';
import { useByteSize } from '@/words/use-byte-size';
import { useWords } from '@/words/words';
import { AutoFetchChoices } from './auto-fetch-choices';
import { MediaUsage } from './media-usage';
import { Section } from './section';
import styles from './section.module.css';
import { ServerUsage } from './server-usage';

type Usage = { readonly bytes: number; readonly quota: number; readonly persisted: boolean };

/** What this device keeps, and whether the browser may clear it; what the server keeps; what is fetched unasked. */
export function StorageSection() {
  const words = useWords('settings.storage');
  const size = useByteSize();
  const refused = useTrouble()?.type === 'storage-refused';
  const { usage, load, persist, asked } = useUsage();
  return (
    <Section id="storage" title={words('title')}>
      <p className={styles.note}>{words(refused ? 'refused' : 'text')}</p>
      {usage && !refused && (
        <>
          <p>{words('used', { used: size(usage.bytes), quota: size(usage.quota) })}</p>
          <p className={styles.note}>
            {words(usage.persisted ? 'persisted' : asked ? 'declined' : 'notPersisted')}
          </p>
          {!usage.persisted && !asked && (
            <div className={styles.actions}>
              <Button onClick={() => void persist()}>{words('persist')}</Button>
            </div>
          )}
        </>
      )}
      <MediaUsage onFreed={load} />
      <ServerUsage />
      <AutoFetchChoices />
    </Section>
  );
}

function useUsage() {
  const [usage, setUsage] = useState<Usage | null>(null);
  const [asked, setAsked] = useState(false);
  const load = useCallback(async () => {
    if (!navigator.storage?.estimate) return;
    const [estimate, persisted] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ]);
    setUsage({ bytes: estimate.usage ?? 0, quota: estimate.quota ?? 0, persisted });
  }, []);
  useEffect(() => {
    void load();
  }, [load]);
  const persist = async () => {
    await navigator.storage.persist();
    setAsked(true);
    await load();
  };
  return { usage, load, persist, asked };
}
