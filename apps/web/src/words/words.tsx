'use client';

import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type {} from 'use-intl';
import { IntlProvider, useFormatter, useTranslations } from 'use-intl/react';
import { en } from './en';
import type auth from './en/auth.json';
import type console from './en/console.json';
import type details from './en/details.json';
import type media from './en/media.json';
import type settings from './en/settings.json';
import {
  chooseLanguage,
  currentLanguage,
  type Language,
  type LanguageSetting,
  languageSetting,
  localeOf,
  subscribeLanguage,
} from './languages';

/** The words of some parts come with their code: see `added-words.tsx`. */
export type Words = typeof en & {
  auth: typeof auth;
  console: typeof console;
  details: typeof details;
  media: typeof media;
  settings: typeof settings;
};

declare module 'use-intl' {
  interface AppConfig {
    Messages: Words;
  }
}

/** The words of one area: `const words = useWords('chats'); words('newChat')`. Keys and values are checked by the compiler. */
export const useWords = useTranslations;

/** Dates, numbers and lists in the reader's language. */
export const useFormats = useFormatter;

/** The language that is shown, and the setting behind it. */
export function useLanguage() {
  const language = useSyncExternalStore(subscribeLanguage, currentLanguage, () => 'en' as const);
  const setting = useSyncExternalStore<LanguageSetting>(subscribeLanguage, languageSetting, () => 'browser');
  return { language, setting, choose: chooseLanguage };
}

type Catalogue = { readonly language: Language; readonly messages: typeof en };

const english: Catalogue = { language: 'en', messages: en };
const loaders: Record<Exclude<Language, 'en'>, () => Promise<typeof en>> = {
  de: async () => (await import('./de')).de,
};

// Begins before React does: whoever reads German waits for nothing else.
const early = typeof window === 'undefined' || currentLanguage() === 'en' ? null : load(currentLanguage());

/** Gives the words to everything inside of it. English is there at once; another language is fetched first. */
export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const catalogue = useCatalogue();
  const locale = useMemo(
    () => (typeof navigator === 'undefined' ? 'en' : localeOf(catalogue.language, navigator.languages)),
    [catalogue],
  );
  return (
    <IntlProvider
      locale={locale}
      messages={catalogue.messages}
      timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
    >
      {children}
    </IntlProvider>
  );
}

function useCatalogue(): Catalogue {
  const { language } = useLanguage();
  const [catalogue, setCatalogue] = useState(english);
  useEffect(() => {
    let wanted = true;
    const loading = language === 'en' ? Promise.resolve(english) : (early ?? load(language));
    loading
      .then((loaded) => wanted && setCatalogue(loaded.language === language ? loaded : english))
      // Offline with a part of the app missing: English is better than nothing.
      .catch(() => {})
      .finally(() => wanted && delete document.documentElement.dataset.words);
    return () => {
      wanted = false;
    };
  }, [language]);
  useEffect(() => {
    document.documentElement.lang = catalogue.language;
  }, [catalogue]);
  return catalogue;
}

async function load(language: Language): Promise<Catalogue> {
  return language === 'en' ? english : { language, messages: await loaders[language]() };
}
