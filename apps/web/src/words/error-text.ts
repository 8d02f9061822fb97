'use client';

import { type ErrorCode, TidingsError } from '@tidings/api/errors';
import { useCallback } from 'react';
import { createTranslator } from 'use-intl/core';
import { useLocale } from 'use-intl/react';
import de from './de/errors.json';
import en from './en/errors.json';
import { matchLanguage } from './languages';

const catalogues = { en, de };

/** The sentence for whatever was thrown; with the time to wait when the server named one. Comes with its words: see `error-toast.ts` for pages' starts. */
export function errorText(error: unknown, locale: string): string {
  const words = wordsIn(locale);
  const code = codeOf(error);
  const waitMs = error instanceof TidingsError ? error.retryAfterMs : undefined;
  if (code !== 'too-many-requests' || waitMs === undefined || waitMs < 5_000) return words(code);
  return words('tryAgainIn', { minutes: Math.ceil(waitMs / 60_000) });
}

/** As {@link errorText}, in the reader's language. */
export function useErrorText(): (error: unknown) => string {
  const locale = useLocale();
  return useCallback((error) => errorText(error, locale), [locale]);
}

const wordsIn = (locale: string) =>
  createTranslator({
    locale,
    messages: { errors: catalogues[matchLanguage([locale])] },
    namespace: 'errors',
  });

function codeOf(error: unknown): ErrorCode | 'unknown' {
  return error instanceof TidingsError ? error.code : 'unknown';
}
