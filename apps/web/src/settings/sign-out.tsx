'use client';

import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '@/engine/boot';
import { Button } from '@/look/button';
import { ConfirmDialog } from '@/look/confirm-dialog';
import { toast } from '@/look/toast';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import styles from './sign-out.module.css';

/** Asks only when something would be lost: messages that wait to be sent. */
export function SignOut() {
  const words = useWords('settings.signOut');
  const session = useSession();
  const errorText = useErrorText();
  const [unsent, setUnsent] = useState(0);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);

  const leave = async () => {
    setBusy(true);
    try {
      await session.signOut();
    } catch (error) {
      toast(errorText(error), { kind: 'bad' });
      setBusy(false);
      throw error;
    }
  };
  const start = async () => {
    const waiting = await session.unsent();
    if (waiting === 0) return leave().catch(() => {});
    setUnsent(waiting);
    setAsking(true);
  };
  return (
    <div className={styles.bottom}>
      <Button icon={<LogOut />} busy={busy} onClick={() => void start()}>
        {words('action')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={words('title')}
        action={words('anyway')}
        danger
        onConfirm={leave}
      >
        {words('text', { count: unsent })}
      </ConfirmDialog>
    </div>
  );
}
