'use client';

import type { Device } from '@tidings/api/device';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useConnection, useEngine } from '@/engine/hooks';
import { toast } from '@/look/toast';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';

/** The user's sessions, this one first; read anew when the page is looked at again, since another device may have changed them. */
export function useDevices() {
  const engine = useEngine();
  const live = useConnection().type === 'live';
  const words = useWords('settings.devices');
  const errorText = useErrorText();
  const [devices, setDevices] = useState<readonly Device[]>();

  const load = useCallback(async () => {
    const list = await engine.api.device.list.query();
    setDevices(
      [...list].sort((a, b) => Number(b.current) - Number(a.current) || b.lastUsedAt - a.lastUsedAt),
    );
  }, [engine]);

  useEffect(() => {
    if (!live) return;
    // What was shown last stays; the banner says that there is no connection.
    const again = () => void load().catch(() => {});
    again();
    addEventListener('focus', again);
    return () => removeEventListener('focus', again);
  }, [live, load]);

  const actions = useMemo(() => {
    const change = async (task: () => Promise<unknown>, done: string) => {
      try {
        await task();
        toast(done, { kind: 'good' });
        await load();
      } catch (error) {
        toast(errorText(error), { kind: 'bad' });
        throw error;
      }
    };
    return {
      rename: ({ sessionId }: Device, name: string) =>
        change(() => engine.api.device.rename.mutate({ sessionId, name }), words('renamed')),
      revoke: ({ sessionId }: Device) =>
        change(() => engine.api.device.revoke.mutate({ sessionId }), words('ended')).catch(() => {}),
      revokeOthers: () => change(() => engine.api.device.revokeOthers.mutate(), words('othersEnded')),
    };
  }, [engine, load, words, errorText]);
  return { devices, ...actions };
}
