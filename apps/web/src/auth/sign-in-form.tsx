'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { signInSchema } from '@tidings/api/auth';
import Link from 'next/link';
import { useForm } from 'react-hook-form';
import { thisDevice } from '@/engine/device';
import { Button } from '@/look/button';
import { TextField } from '@/look/text-field';
import { useWords } from '@/words/words';
import { signIn } from './auth-api';
import { AuthCard } from './auth-card';
import styles from './auth-card.module.css';
import { deviceName } from './device-name';
import { PasswordField } from './password-field';
import { useHydrated } from './use-hydrated';
import { useLeaveWhenSignedIn } from './use-signed-in';
import { useSubmit } from './use-submit';

type Values = { username: string; password: string };

export function SignInForm() {
  const words = useWords('auth');
  const hydrated = useHydrated();
  useLeaveWhenSignedIn();
  const { register, handleSubmit, formState } = useForm<Values>({
    // No default values: the form takes what may have been typed before this program came.
    resolver: zodResolver(signInSchema),
  });
  const { submit, busy, problem } = useSubmit((values: Values) =>
    signIn({
      ...values,
      deviceId: thisDevice(),
      deviceName: deviceName(navigator.userAgent, navigator.maxTouchPoints),
    }),
  );
  const missing = (field: keyof Values) => (formState.errors[field] ? words('check.required') : undefined);
  return (
    <AuthCard
      title={words('signInTitle')}
      other={
        <>
          {words('noAccount')} <Link href="/sign-up">{words('toSignUp')}</Link>
        </>
      }
    >
      <form className={styles.form} method="post" noValidate onSubmit={handleSubmit(submit)}>
        {problem && (
          <p role="alert" className={styles.alert}>
            {problem.text}
          </p>
        )}
        <TextField
          label={words('username')}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          error={missing('username')}
          {...register('username')}
        />
        <PasswordField
          label={words('password')}
          autoComplete="current-password"
          error={missing('password')}
          {...register('password')}
        />
        <Button type="submit" variant="primary" busy={busy} disabled={!hydrated} wide>
          {words('signIn')}
        </Button>
      </form>
    </AuthCard>
  );
}
