'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { passwordChangeSchema } from '@tidings/api/auth';
import { useId, useState } from 'react';
import { useForm } from 'react-hook-form';
import { changePassword } from '@/auth/auth-api';
import { AuthWords } from '@/auth/auth-words';
import { PasswordField } from '@/auth/password-field';
import { useSelf } from '@/engine/hooks';
import { Button } from '@/look/button';
import { Dialog } from '@/look/dialog';
import { toast } from '@/look/toast';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import styles from './password-dialog.module.css';

type Values = { current: string; next: string };

type PasswordDialogProps = { onClosed(): void };

export default function PasswordDialog(props: PasswordDialogProps) {
  return (
    <AuthWords>
      <ChangePassword {...props} />
    </AuthWords>
  );
}

function ChangePassword({ onClosed }: PasswordDialogProps) {
  const words = useWords('settings.security');
  const auth = useWords('auth');
  const self = useSelf();
  const errorText = useErrorText();
  const formId = useId();
  const [open, setOpen] = useState(true);
  const [problem, setProblem] = useState<string>();
  const { register, handleSubmit, formState } = useForm<Values>({
    resolver: zodResolver(passwordChangeSchema),
    defaultValues: { current: '', next: '' },
  });
  const save = async ({ current, next }: Values) => {
    setProblem(undefined);
    try {
      await changePassword(current, next);
      toast(words('changed'), { kind: 'good' });
      setOpen(false);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      size="small"
      title={words('dialogTitle')}
      description={words('dialogText')}
      footer={
        <Button type="submit" form={formId} variant="primary" busy={formState.isSubmitting}>
          {words('save')}
        </Button>
      }
    >
      <form id={formId} className={styles.form} noValidate onSubmit={handleSubmit(save)}>
        {problem && (
          <p role="alert" className={styles.alert}>
            {problem}
          </p>
        )}
        {/* Tells password managers whose it is. */}
        <input type="text" name="username" autoComplete="username" value={self.username} readOnly hidden />
        <PasswordField
          label={words('current')}
          autoComplete="current-password"
          error={formState.errors.current && auth('check.required')}
          {...register('current')}
        />
        <PasswordField
          label={words('next')}
          hint={auth('passwordHint')}
          autoComplete="new-password"
          error={formState.errors.next && auth('check.password')}
          {...register('next')}
        />
      </form>
    </Dialog>
  );
}
