'use client';

import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type ReactNode, useState } from 'react';
import { useWords } from '@/words/words';
import { Button } from './button';
import styles from './dialog.module.css';
import { useCloseWatcher } from './use-close-watcher';

export type ConfirmDialogProps = {
  readonly open: boolean;
  onOpenChange(open: boolean): void;
  onClosed?(): void;
  readonly title: string;
  readonly children?: ReactNode;
  /** What will be done, as a verb: "Delete". */
  readonly action: string;
  readonly danger?: boolean;
  /** The dialog stays, busy, until it settles; it closes when it resolves. Say failures yourself and reject. */
  onConfirm(): Promise<void> | void;
};

/** Asks once before something that can't be undone. */
export function ConfirmDialog({
  open,
  onOpenChange,
  onClosed,
  title,
  children,
  action,
  danger,
  onConfirm,
}: ConfirmDialogProps) {
  const words = useWords('look');
  useCloseWatcher(open, () => onOpenChange(false));
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch {
      // Whoever asked has said what went wrong; the question stays.
    } finally {
      setBusy(false);
    }
  };
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={onOpenChange}
      onOpenChangeComplete={(now) => !now && onClosed?.()}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.veil} />
        <AlertDialog.Popup className={styles.dialog} data-size="small">
          <div className={styles.head}>
            <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
          </div>
          <div className={styles.body}>
            <AlertDialog.Description render={<div />} className={styles.description}>
              {children}
            </AlertDialog.Description>
          </div>
          <div className={styles.footer}>
            <AlertDialog.Close render={<Button variant="plain" />}>{words('cancel')}</AlertDialog.Close>
            <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void confirm()}>
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
