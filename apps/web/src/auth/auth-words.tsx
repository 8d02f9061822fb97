'use client';

import type { ReactNode } from 'react';
import { AddedWords } from '@/words/added-words';
import de from '@/words/de/auth.json';
import en from '@/words/en/auth.json';

const words = { en, de };

/** Adds the words of signing in and up, which the app itself does without. */
export function AuthWords({ children }: { readonly children: ReactNode }) {
  return (
    <AddedWords area="auth" words={words}>
      {children}
    </AddedWords>
  );
}
