'use client';

import type { ReactNode } from 'react';
import { AddedWords } from '@/words/added-words';
import de from '@/words/de/media.json';
import en from '@/words/en/media.json';

const words = { en, de };

/** Adds the words for photos, recordings, files and places, which a text-only conversation does without. */
export function MediaWords({ children }: { readonly children: ReactNode }) {
  return (
    <AddedWords area="media" words={words}>
      {children}
    </AddedWords>
  );
}
