'use client';

import type { Invite } from '@tidings/api/invite';
import { useCallback, useEffect, useState } from 'react';
import { useConnection, useEngine } from '@/engine/hooks';
import { toast } from '@/look/toast';
import { useErrorText } from '@/words/error-text';

const none: readonly Invite[] = [];

/** The user's open invitations; failures are said here. */
export function useInvites() {
  const engine = useEngine();
  const live = useConnection().type === 'live';
  const errorText = useErrorText();
  const [invites, setInvites] = useState(none);
  const [busy, setBusy] = useState(false);

  const load = useCallback(async () => setInvites(await engine.api.invite.list.query()), [engine]);
  useEffect(() => {
    if (live) void load().catch(() => {});
  }, [live, load]);

  const change = async (task: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await task();
      await load();
    } catch (error) {
      toast(errorText(error), { kind: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  return {
    invites,
    busy,
    create: (uses: number) => change(() => engine.api.invite.create.mutate({ uses })),
    revoke: ({ code }: Invite) => change(() => engine.api.invite.revoke.mutate({ code })),
  };
}
