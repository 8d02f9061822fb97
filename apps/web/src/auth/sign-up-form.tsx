'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { type SignUpPolicy, signUpSchema } from '@tidings/api/auth';
import { TidingsError } from '@tidings/api/errors';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import { type FieldErrors, useForm } from 'react-hook-form';
import { z } from 'zod';
import { thisDevice } from '@/engine/device';
import { Button } from '@/look/button';
import { TextField } from '@/look/text-field';
import { useWords } from '@/words/words';
import { signUp, signUpPolicy } from './auth-api';
import { AuthCard } from './auth-card';
import styles from './auth-card.module.css';
import { deviceName } from './device-name';
import { inviteCode } from './invite';
import { PasswordField } from './password-field';
import { useHydrated } from './use-hydrated';
import { useLeaveWhenSignedIn } from './use-signed-in';
import { useSubmit } from './use-submit';

type Values = { username: string; displayName: string; password: string; invite: string };

const formSchema = signUpSchema
  .pick({ username: true, displayName: true, password: true })
  .extend({ invite: z.string() });

export function SignUpForm() {
  const words = useWords('auth');
  const hydrated = useHydrated();
  useLeaveWhenSignedIn();
  const { register, handleSubmit, formState, setValue, setFocus } = useForm<Values>({
    resolver: zodResolver(formSchema),
    // Of the others the form takes what may have been typed before this program came.
    defaultValues: { invite: '' },
  });
  const policy = usePolicy();
  const invited = useInvite((code) => setValue('invite', code));
  const { submit, busy, problem } = useSubmit(({ invite, ...account }: Values) =>
    signUp({
      ...account,
      ...(inviteCode(invite) === '' ? {} : { invite: inviteCode(invite) }),
      deviceId: thisDevice(),
      deviceName: deviceName(navigator.userAgent, navigator.maxTouchPoints),
    }),
  );
  const code = problem?.error instanceof TidingsError ? problem.error.code : null;
  const needsInvite = policy?.signUp === 'invite' || code === 'sign-up-closed' || code === 'invite-invalid';
  const check = useChecks(formState.errors);

  useEffect(() => {
    if (code === 'username-taken') setFocus('username');
  }, [code, setFocus]);

  return (
    <AuthCard
      title={words('signUpTitle')}
      intro={invited ? words('invited') : needsInvite ? words('byInvitation') : undefined}
      other={
        <>
          {words('haveAccount')} <Link href="/sign-in">{words('toSignIn')}</Link>
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
          hint={!check('username') && words('usernameHint')}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          error={check('username')}
          {...register('username')}
        />
        <TextField
          label={words('displayName')}
          hint={words('displayNameHint')}
          autoComplete="name"
          error={check('displayName')}
          {...register('displayName')}
        />
        <PasswordField
          label={words('password')}
          hint={!check('password') && words('passwordHint')}
          autoComplete="new-password"
          error={check('password')}
          {...register('password')}
        />
        {needsInvite && !(invited && code === null) && (
          <TextField
            label={words('invite')}
            hint={words('inviteHint')}
            autoComplete="off"
            {...register('invite')}
          />
        )}
        <Button type="submit" variant="primary" busy={busy} disabled={!hydrated} wide>
          {words('createAccount')}
        </Button>
      </form>
    </AuthCard>
  );
}

/** What to say about a field that isn't right. */
function useChecks(
  errors: FieldErrors<Values>,
): (field: 'username' | 'displayName' | 'password') => string | undefined {
  const words = useWords('auth.check');
  return (field) => {
    const error = errors[field];
    if (!error) return undefined;
    if (field === 'password') return words(error.type === 'too_big' ? 'passwordTooLong' : 'password');
    return words(field);
  };
}

/** `null` until it is known: then an invitation is asked for only if it is needed. */
function usePolicy(): SignUpPolicy | null {
  const [policy, setPolicy] = useState<SignUpPolicy | null>(null);
  useEffect(() => {
    let here = true;
    // Not reachable: signing up will say so.
    signUpPolicy().then(
      (answer) => here && setPolicy(answer),
      () => {},
    );
    return () => {
      here = false;
    };
  }, []);
  return policy;
}

/** True when the address brought an invitation. */
function useInvite(found: (code: string) => void): boolean {
  const [invited, setInvited] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with the address that opened the page
  useEffect(() => {
    const code = new URLSearchParams(location.search).get('invite');
    if (!code) return;
    setInvited(true);
    found(code);
  }, []);
  return invited;
}
