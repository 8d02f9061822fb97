'use client';

import type { ComponentType, ReactNode } from 'react';
import { createTranslator } from 'use-intl/core';
import { AddedWords } from './added-words';
import de from './de/details.json';
import en from './en/details.json';
import { matchLanguage } from './languages';

const words = { en, de };

/** Adds the words of dialogs, panels and hints, which chats and their messages do without. */
export function DetailWords({ children }: { readonly children: ReactNode }) {
  return (
    <AddedWords area="details" words={words}>
      {children}
    </AddedWords>
  );
}

/** A part of the app that brings these words along. */
export function withDetails<Props extends object>(Part: ComponentType<Props>): ComponentType<Props> {
  return function WithDetails(props: Props) {
    return (
      <DetailWords>
        <Part {...props} />
      </DetailWords>
    );
  };
}

/** The same words where no component asks for them. */
export const detailWordsIn = (locale: string) =>
  createTranslator({
    locale,
    messages: { details: words[matchLanguage([locale])] },
    namespace: 'details',
  });
