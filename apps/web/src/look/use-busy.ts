'use client';

import { useState } from 'react';

/** Whether a task runs, and what runs one: for a button that does something once. Resolves whether it succeeded; who failed has said why. */
export function useBusy(): readonly [busy: boolean, run: (task: () => Promise<unknown>) => Promise<boolean>] {
  const [busy, setBusy] = useState(false);
  const run = async (task: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await task();
      return true;
    } catch {
      return false;
    } finally {
      setBusy(false);
    }
  };
  return [busy, run];
}
