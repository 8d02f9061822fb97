'use client';

import { useSyncExternalStore } from 'react';

/** True while somebody can be looking at this page: only then may messages on it count as read. */
export function usePageVisible(): boolean {
  return useSyncExternalStore(subscribe, isVisible, () => false);
}

const isVisible = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

function subscribe(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  addEventListener('focus', listener);
  addEventListener('blur', listener);
  return () => {
    document.removeEventListener('visibilitychange', listener);
    removeEventListener('focus', listener);
    removeEventListener('blur', listener);
  };
}
