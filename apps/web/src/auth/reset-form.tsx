'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { passwordResetSchema } from '@tidings/api/auth';
import Link from 'next/link';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '@/look/button';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import { resetPassword } from './auth-api';
import { AuthCard } from './auth-card';
import styles from './auth-card.module.css';
import { PasswordField } from './password-field';
import { resetCode } from './reset-link';
import { useHydrated } from './use-hydrated';

type Values = { next: string };
type State =
  | { readonly type: 'asking' | 'busy' | 'done' }
  | { readonly type: 'failed'; readonly text: string };

/** Whoever has a link that an operator made chooses a new password, and signs in with it. */
export function ResetForm() {
  const words = useWords('auth');
  const hydrated = useHydrated();
  const errorText = useErrorText();
  const [state, setState] = useState<State>({ type: 'asking' });
  const { register, handleSubmit, formState } = useForm<Values>({
    resolver: zodResolver(passwordResetSchema.pick({ next: true })),
  });
  const submit = async ({ next }: Values) => {
    setState({ type: 'busy' });
    try {
      await resetPassword(resetCode(location.hash), next);
      setState({ type: 'done' });
    } catch (error) {
      setState({ type: 'failed', text: errorText(error) });
    }
  };
  return (
    <AuthCard title={words('resetTitle')} other={<Link href="/sign-in">{words('toSignIn')}</Link>}>
      {state.type === 'done' ? (
        <p role="status">{words('resetDone')}</p>
      ) : (
        <form className={styles.form} method="post" noValidate onSubmit={handleSubmit(submit)}>
          {state.type === 'failed' && (
            <p role="alert" className={styles.alert}>
              {state.text}
            </p>
          )}
          <PasswordField
            label={words('newPassword')}
            hint={words('passwordHint')}
            autoComplete="new-password"
            error={formState.errors.next ? words('check.password') : undefined}
            {...register('next')}
          />
          <Button type="submit" variant="primary" busy={state.type === 'busy'} disabled={!hydrated} wide>
            {words('resetSave')}
          </Button>
        </form>
      )}
    </AuthCard>
  );
}
