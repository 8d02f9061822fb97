'use client';

import { Boot } from '@/engine/boot';
import { BootSequence } from '@/engine/boot-sequence';
import { prepareFirstView } from './first-view';
import { Shell } from './shell';
import { ShellSkeleton } from './shell-skeleton';

/** Begins as soon as the code is here: reading the local store needn't wait for React. */
const boot = new BootSequence(prepareFirstView);
if (typeof window !== 'undefined') void boot.start();

/** Everything that a signed-in user sees. */
export function App() {
  return (
    <Boot sequence={boot} starting={<ShellSkeleton />}>
      <Shell />
    </Boot>
  );
}
