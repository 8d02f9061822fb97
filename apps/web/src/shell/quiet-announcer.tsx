'use client';

import { useEffect } from 'react';

/**
 * Next announces new pages in an element of role `alert`, also when it is empty. Alerts here are for what went wrong: its
 * announcer becomes a polite one. Next puts it into the page in an effect of its own, after those of the first rendering.
 */
export function QuietAnnouncer() {
  useEffect(() => {
    const soften = () => {
      const announcer = document.getElementById('__next-route-announcer__');
      announcer?.removeAttribute('role');
      announcer?.setAttribute('aria-live', 'polite');
      return announcer !== null;
    };
    if (soften()) return;
    const observer = new MutationObserver(() => soften() && observer.disconnect());
    observer.observe(document.body, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
  return null;
}
