'use client';

import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { Preparation, PreparationState } from '@/media/port';

const none: readonly PreparationState[] = [];

/** How far each of them is, in their order. */
export function useStates(preparations: readonly Preparation[]): readonly PreparationState[] {
  const last = useRef(none);
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = preparations.map(({ state }) => state.subscribe(listener));
      return () => {
        for (const end of ends) end();
      };
    },
    [preparations],
  );
  const get = () => {
    const now = preparations.map(({ state }) => state.get());
    const same =
      now.length === last.current.length && now.every((state, index) => state === last.current[index]);
    if (!same) last.current = now;
    return last.current;
  };
  return useSyncExternalStore(subscribe, get, () => none);
}
