import { useCallback, useSyncExternalStore } from 'react';
import type { Readable } from '@/media/port';

/** The present value; renders again when it changes. Give the same object each time. */
export function useReadable<T>(readable: Readable<T>): T {
  const subscribe = useCallback((listener: () => void) => readable.subscribe(listener), [readable]);
  const get = () => readable.get();
  return useSyncExternalStore(subscribe, get, get);
}
