'use client';

import { Flag, Link2, ScrollText, Settings2, Users } from 'lucide-react';
import { useSyncExternalStore } from 'react';

/** The console's pages, in the order of its menu. */
export const places = [
  { id: 'users', Icon: Users },
  { id: 'reports', Icon: Flag },
  { id: 'invites', Icon: Link2 },
  { id: 'settings', Icon: Settings2 },
  { id: 'audit', Icon: ScrollText },
] as const;
export type Place = (typeof places)[number]['id'];

/** The page that the address names behind `#`: the first where it names none. */
export const usePlace = (): Place => useSyncExternalStore(onMove, here, () => 'users');

const here = (): Place => places.find(({ id }) => location.hash === `#${id}`)?.id ?? 'users';

function onMove(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
