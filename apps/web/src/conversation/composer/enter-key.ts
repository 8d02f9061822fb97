'use client';

import { useSyncExternalStore } from 'react';

/** What the Enter key does in the composer; Shift+Enter does a line break in any case, Ctrl+Enter sends. */
export type EnterKey = 'sends' | 'breaks';
export type EnterSetting = EnterKey | 'usual';

export const enterKey = 'tidings.enter';
const listeners = new Set<() => void>();
let known: EnterSetting | null = null;

/** The setting of this device; `usual` is what people know from the kind of device: on a touch keyboard Enter breaks the line. */
export function enterSetting(): EnterSetting {
  known ??= read();
  return known;
}

export function chooseEnter(setting: EnterSetting): void {
  known = setting;
  try {
    if (setting === 'usual') localStorage.removeItem(enterKey);
    else localStorage.setItem(enterKey, setting);
  } catch {
    // Refused storage: it lasts as long as the page.
  }
  for (const listener of [...listeners]) listener();
}

export function useEnterSetting(): EnterSetting {
  return useSyncExternalStore(subscribe, enterSetting, () => 'usual' as const);
}

export function enterSends(): boolean {
  const setting = enterSetting();
  return setting === 'usual'
    ? !matchMedia('(hover: none) and (pointer: coarse)').matches
    : setting === 'sends';
}

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
    const stored = localStorage.getItem(enterKey);
    return stored === 'sends' || stored === 'breaks' ? stored : 'usual';
  } catch {
    return 'usual';
  }
}
