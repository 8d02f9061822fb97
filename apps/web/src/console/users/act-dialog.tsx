'use client';

import type { Account } from '@tidings/api/admin';
import { useState } from 'react';
import { ConfirmDialog } from '@/look/confirm-dialog';
import { useWords } from '@/words/words';
import { ask } from '../console-api';
import { useAct } from '../use-act';

export type UserAct =
  | 'suspend'
  | 'unsuspend'
  | 'signOut'
  | 'resetPassword'
  | 'makeOperator'
  | 'takeOperator';

type ActDialogProps = {
  readonly act: UserAct;
  readonly account: Pick<Account, 'userId' | 'displayName'>;
  onDone(): Promise<void>;
  /** A reset's code. */
  onCode?(code: string): void;
  onClosed(): void;
};

const dangerous: ReadonlySet<UserAct> = new Set(['suspend', 'signOut', 'resetPassword', 'takeOperator']);

/** Says what will happen, and asks. */
export function ActDialog({ act, account, onDone, onCode, onClosed }: ActDialogProps) {
  const words = useWords('console.users');
  const run = useAct();
  const [open, setOpen] = useState(true);
  const { userId, displayName: name } = account;
  const confirm = async () => {
    const answer = await run(
      () => ask<{ code: string } | void>((api) => api.admin[act].mutate({ userId })),
      words(`${act}.done`, { name }),
    );
    if (answer) onCode?.(answer.code);
    await onDone();
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      title={words(`${act}.title`, { name })}
      action={words(`${act}.do`)}
      danger={dangerous.has(act)}
      onConfirm={confirm}
    >
      {words(`${act}.text`)}
    </ConfirmDialog>
  );
}
