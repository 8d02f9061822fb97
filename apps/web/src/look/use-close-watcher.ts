'use client';

import { useEffect, useRef } from 'react';

type Watcher = { onclose: (() => void) | null; destroy(): void };

/** Where the system has a way "back" (Android's gesture), it closes what is open on top, rather than leaving the page. */
export function useCloseWatcher(open: boolean, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!open || !('CloseWatcher' in window)) return;
    const watcher = new (window.CloseWatcher as new () => Watcher)();
    watcher.onclose = () => latest.current();
    return () => watcher.destroy();
  }, [open]);
}
