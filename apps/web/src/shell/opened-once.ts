'use client';

import { useMemo, useState } from 'react';

/**
 * A dialog whose code is fetched when it is first wanted. It stays in the page while it closes; `forget`, called then, takes
 * it out, so that the next time it is a fresh one.
 */
export function useOpenedOnce() {
  const [open, setOpen] = useState(false);
  const [mounted, setMounted] = useState(false);
  const actions = useMemo(
    () => ({
      setOpen,
      show: () => {
        setMounted(true);
        setOpen(true);
      },
      forget: () => setMounted(false),
    }),
    [],
  );
  return { open, mounted, ...actions };
}
