'use client';

import type { SignedIn } from '@tidings/api/auth';
import { useState } from 'react';
import { rememberSelf } from '@/engine/device';
import { useErrorText } from '@/words/error-text';

/** Runs one attempt at a time; on success the app opens, on failure `problem` says why. */
export function useSubmit<T>(attempt: (input: T) => Promise<SignedIn>) {
  const errorText = useErrorText();
  const [problem, setProblem] = useState<{ readonly text: string; readonly error: unknown } | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (input: T) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      rememberSelf(await attempt(input));
      // A fresh page: the app starts as it does every other time.
      location.replace('/');
    } catch (error) {
      setProblem({ text: errorText(error), error });
      setBusy(false);
    }
  };
  return { submit, busy, problem };
}
