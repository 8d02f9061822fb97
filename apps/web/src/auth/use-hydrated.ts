'use client';

import { useSyncExternalStore } from 'react';

/**
 * False until the program has taken over the page that the server sent. A form that is submitted before would go out as plain
 * HTML, so its button waits; what was typed meanwhile stays.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

const never = () => () => {};
