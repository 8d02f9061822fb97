'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { useClient } from '@/engine/client';
import { Select } from '@/look/select';
import { type AutoFetch, autoFetchKinds } from '@/media/port';
import { useWords } from '@/words/words';
import { StoragePart } from './storage-part';

const choices: readonly AutoFetch[] = ['always', 'unmetered', 'never'];

/** What comes to this device without being asked for. */
export function AutoFetchChoices() {
  const words = useWords('settings.storage');
  const { rules } = useClient().media;
  const subscribe = useCallback((listener: () => void) => rules.subscribe(listener), [rules]);
  const get = () => rules.get();
  const chosen = useSyncExternalStore(subscribe, get, get);
  return (
    <StoragePart title={words('autoFetch')} note={words('autoFetchText')}>
      {autoFetchKinds.map((kind) => (
        <Select
          key={kind}
          label={words(`fetchKinds.${kind}`)}
          choices={choices.map((value) => ({ value, label: words(`fetch.${value}`) }))}
          value={chosen[kind]}
          onChange={(when) => rules.set(kind, when)}
        />
      ))}
    </StoragePart>
  );
}
