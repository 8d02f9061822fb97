'use client';

import type { Me, MeUpdate } from '@tidings/api/user';
import { useCallback, useEffect, useState } from 'react';
import { useConnection, useEngine } from '@/engine/hooks';
import { toast } from '@/look/toast';
import { useErrorText } from '@/words/error-text';

export type MeView = {
  /** `undefined` until the server said it: these settings are the server's, and can't be changed offline. */
  readonly me: Me | undefined;
  /** Shows at once, and is taken back when the server refuses, which is said. Answers whether it was kept. */
  update(change: MeUpdate): Promise<boolean>;
};

export function useMe(): MeView {
  const engine = useEngine();
  const live = useConnection().type === 'live';
  const errorText = useErrorText();
  const [me, setMe] = useState<Me>();

  useEffect(() => {
    if (!live) return;
    let current = true;
    // Without it the controls stay disabled, and the banner says why.
    engine.api.user.me.query().then(
      (answer) => current && setMe(answer),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [engine, live]);

  const update = useCallback(
    async (change: MeUpdate) => {
      setMe((before) => before && { ...before, ...change });
      try {
        setMe(await engine.api.user.update.mutate(change));
        return true;
      } catch (error) {
        toast(errorText(error), { kind: 'bad' });
        setMe(await engine.api.user.me.query().catch(() => undefined));
        return false;
      }
    },
    [engine, errorText],
  );
  return { me, update };
}
