'use client';

import { Suspense, useEffect, useState } from 'react';
import { part } from './part';
import { onFirstToast } from './toast';

const Toaster = part(() => import('./toaster'));

/** Shows what `toast` says. Stands once, near the root. */
export function ToastLayer() {
  const [needed, setNeeded] = useState(false);
  useEffect(() => onFirstToast(() => setNeeded(true)), []);
  if (!needed) return null;
  return (
    <Suspense>
      <Toaster />
    </Suspense>
  );
}
