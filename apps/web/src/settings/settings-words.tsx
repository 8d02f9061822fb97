'use client';

import { type ReactNode, useMemo } from 'react';
import { IntlProvider, useLocale, useMessages } from 'use-intl/react';
import de from '@/words/de/settings.json';
import en from '@/words/en/settings.json';
import { matchLanguage } from '@/words/languages';

const words = { en, de };

/** Adds the words of the settings, which nobody needs before. In every language, since here is where one chooses it. */
export function SettingsWords({ children }: { readonly children: ReactNode }) {
  const locale = useLocale();
  const known = useMessages();
  const messages = useMemo(() => ({ ...known, settings: words[matchLanguage([locale])] }), [known, locale]);
  return (
    <IntlProvider locale={locale} messages={messages}>
      {children}
    </IntlProvider>
  );
}
