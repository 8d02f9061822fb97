'use client';

import type { AdminInvite } from '@tidings/api/admin';
import { useState } from 'react';
import { ConfirmDialog } from '@/look/confirm-dialog';
import { useWords } from '@/words/words';
import { ask } from '../console-api';
import { useAct } from '../use-act';

type RevokeInviteProps = { readonly invite: AdminInvite; onDone(): Promise<void>; onClosed(): void };

export function RevokeInvite({ invite: { code }, onDone, onClosed }: RevokeInviteProps) {
  const words = useWords('console.invites');
  const run = useAct();
  const [open, setOpen] = useState(true);
  const confirm = async () => {
    await run(() => ask((api) => api.admin.revokeInvite.mutate({ code })), words('revoked'));
    await onDone();
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      title={words('revokeTitle')}
      action={words('revoke')}
      danger
      onConfirm={confirm}
    >
      {words('revokeText')}
    </ConfirmDialog>
  );
}
