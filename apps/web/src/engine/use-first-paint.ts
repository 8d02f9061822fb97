'use client';

import { useEffect } from 'react';
import { firstPaint } from './first-paint';

/** For the view that the address asks for: `there` when what it shows is in the page. */
export function useFirstPaint(there: boolean): void {
  useEffect(() => {
    if (there) firstPaint.committed();
  }, [there]);
}
