'use client';

import { useCallback, useEffect, useState } from 'react';
import { useTrouble } from '@/engine/hooks';
import { Button } from '@/look/button';
import { useFormats, useWords } from '@/words/words';
import { Section } from './section';
import styles from './section.module.css';

type Usage = { readonly bytes: number; readonly quota: number; readonly persisted: boolean };

/** What this device keeps, and whether the browser may clear it. */
export function StorageSection() {
  const words = useWords('settings.storage');
  const size = useByteSize();
  const refused = useTrouble()?.type === 'storage-refused';
  const { usage, persist, asked } = useUsage();
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
  return { usage, persist, asked };
}

/** `3.4 MB`, in steps of 1,000. */
function useByteSize(): (bytes: number) => string {
  const format = useFormats();
  return (bytes) => {
    const [unit, size] =
      bytes < 1e6
        ? ['kilobyte', bytes / 1e3]
        : bytes < 1e9
          ? ['megabyte', bytes / 1e6]
          : ['gigabyte', bytes / 1e9];
    return format.number(size as number, { style: 'unit', unit: unit as string, maximumFractionDigits: 1 });
  };
}
