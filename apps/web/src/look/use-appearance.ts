'use client';

import { useSyncExternalStore } from 'react';
import { type Appearance, appearance, subscribeAppearance, usualAppearance } from './appearance';

export function useAppearance(): Appearance {
  return useSyncExternalStore(subscribeAppearance, appearance, () => usualAppearance);
}
