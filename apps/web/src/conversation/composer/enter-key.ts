'use client';

import { useSyncExternalStore } from 'react';

/** What the Enter key does in the composer on this device; Shift+Enter does a line break in any case, Ctrl+Enter sends. */
export type EnterSetting = 'sends' | 'breaks';

export const enterKey = 'tidings.enter';
const listeners = new Set<() => void>();
let known: EnterSetting | null = null;

/** It sends unless somebody chose otherwise (docs/ui-contract.md). */
export function enterSetting(): EnterSetting {
  known ??= read();
  return known;
}

export function chooseEnter(setting: EnterSetting): void {
  known = setting;
  try {
    if (setting === 'sends') localStorage.removeItem(enterKey);
    else localStorage.setItem(enterKey, setting);
  } catch {
    // Refused storage: it lasts as long as the page.
  }
  for (const listener of [...listeners]) listener();
}

export function useEnterSetting(): EnterSetting {
  return useSyncExternalStore(subscribe, enterSetting, () => 'sends' as const);
}

export const enterSends = (): boolean => enterSetting() === 'sends';

function subscribe(listener: () => void): () => void {
  const changed = (event: StorageEvent) => {
    if (event.key !== enterKey) return;
    known = read();
    listener();
  };
  addEventListener('storage', changed);
  listeners.add(listener);
  return () => {
    removeEventListener('storage', changed);
    listeners.delete(listener);
  };
}

function read(): EnterSetting {
  try {
    return localStorage.getItem(enterKey) === 'breaks' ? 'breaks' : 'sends';
  } catch {
    return 'sends';
  }
}
