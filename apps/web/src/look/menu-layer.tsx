'use client';

import { Suspense, useSyncExternalStore } from 'react';
import { menuBoard } from './menu-board';
import { part } from './part';

const MenuPopup = part(() => import('./menu-popup'));

/** Shows the app's one menu. Stands once, near the root. */
export function MenuLayer() {
  const warm = useSyncExternalStore(menuBoard.subscribe, menuBoard.warm, () => false);
  const request = useSyncExternalStore(menuBoard.subscribe, menuBoard.request, () => null);
  if (!warm) return null;
  return (
    <Suspense>
      <MenuPopup request={request} onClose={() => menuBoard.close()} />
    </Suspense>
  );
}
