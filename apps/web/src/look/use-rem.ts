'use client';

import { useSyncExternalStore } from 'react';
import { subscribeAppearance } from './appearance';

/** One rem in pixels, which the text size decides: for what has to be measured by a program. */
export function useRemPx(): number {
  return useSyncExternalStore(subscribeAppearance, remPx, () => 16);
}

const remPx = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
