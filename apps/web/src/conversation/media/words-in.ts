import { createTranslator } from 'use-intl/core';
import de from '@/words/de/media.json';
import en from '@/words/en/media.json';
import { matchLanguage } from '@/words/languages';

const catalogues = { en, de };
const known = new Map<string, MediaTranslator>();

export type MediaTranslator = ReturnType<typeof translatorFor>;

/** The words of media where no component asks for them: in menus and in what is said of a message in one line. */
export function mediaWordsIn(locale: string): MediaTranslator {
  const found = known.get(locale) ?? translatorFor(locale);
  known.set(locale, found);
  return found;
}

const translatorFor = (locale: string) =>
  createTranslator({
    locale,
    messages: { media: catalogues[matchLanguage([locale])] },
    namespace: 'media',
  });
