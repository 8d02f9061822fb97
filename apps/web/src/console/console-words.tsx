'use client';

import type { ReactNode } from 'react';
import { AddedWords } from '@/words/added-words';
import de from '@/words/de/console.json';
import en from '@/words/en/console.json';

const words = { en, de };

/** Adds the words of the console, which come with its page. */
export function ConsoleWords({ children }: { readonly children: ReactNode }) {
  return (
    <AddedWords area="console" words={words}>
      {children}
    </AddedWords>
  );
}
