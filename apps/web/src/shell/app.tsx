'use client';

import { Boot } from '@/engine/boot';
import { Shell } from './shell';
import { ShellSkeleton } from './shell-skeleton';

/** Everything that a signed-in user sees. */
export function App() {
  return (
    <Boot starting={<ShellSkeleton />}>
      <Shell />
    </Boot>
  );
}
