'use client';

import { type ReactNode, useMemo } from 'react';
import { IntlProvider, useLocale, useMessages } from 'use-intl/react';
import { type Language, matchLanguage } from './languages';

type Catalogues = Readonly<Record<Language, object>>;
type Messages = ReturnType<typeof useMessages>;

type AddedWordsProps<Area extends string> = {
  readonly area: Area;
  /** In every language: they come with the code that needs them. Give the same object each time. */
  readonly words: Catalogues;
  readonly children: ReactNode;
};

/** Adds the words of a part of the app that nobody needs at first. */
export function AddedWords<Area extends string>({ area, words, children }: AddedWordsProps<Area>) {
  const locale = useLocale();
  const known = useMessages();
  const messages = useMemo(
    () => withArea(known, area, words[matchLanguage([locale])]),
    [known, area, words, locale],
  );
  return (
    <IntlProvider locale={locale} messages={messages}>
      {children}
    </IntlProvider>
  );
}

/** Many lines of a conversation add the same words: they share the sum. */
const sums = new WeakMap<Messages, Map<object, Messages>>();

function withArea(known: Messages, area: string, added: object): Messages {
  const ofKnown = sums.get(known) ?? new Map<object, Messages>();
  sums.set(known, ofKnown);
  const sum = ofKnown.get(added) ?? ({ ...known, [area]: added } as Messages);
  ofKnown.set(added, sum);
  return sum;
}
