'use client';

import type { ReactNode } from 'react';
import { AddedWords } from '@/words/added-words';
import de from '@/words/de/settings.json';
import { DetailWords } from '@/words/detail-words';
import en from '@/words/en/settings.json';

/** In every language, since here is where one chooses it. */
const words = { en, de };

/** Adds the words of the settings, which nobody needs before. */
export function SettingsWords({ children }: { readonly children: ReactNode }) {
  return (
    <AddedWords area="settings" words={words}>
      <DetailWords>{children}</DetailWords>
    </AddedWords>
  );
}
