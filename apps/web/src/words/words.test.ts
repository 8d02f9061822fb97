import { errorCodes } from '@tidings/api/errors';
import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import { de as deAtStart } from './de';
import deAuth from './de/auth.json';
import deConsole from './de/console.json';
import deDetails from './de/details.json';
import deErrors from './de/errors.json';
import deMedia from './de/media.json';
import deSettings from './de/settings.json';
import { en as enAtStart } from './en';
import enAuth from './en/auth.json';
import enConsole from './en/console.json';
import enDetails from './en/details.json';
import enErrors from './en/errors.json';
import enMedia from './en/media.json';
import enSettings from './en/settings.json';
import { localeOf, matchLanguage } from './languages';

const en = {
  ...enAtStart,
  auth: enAuth,
  console: enConsole,
  details: enDetails,
  errors: enErrors,
  media: enMedia,
  settings: enSettings,
};
const de = {
  ...deAtStart,
  auth: deAuth,
  console: deConsole,
  details: deDetails,
  errors: deErrors,
  media: deMedia,
  settings: deSettings,
};

test('both languages have the same keys', () => {
  expect(Object.keys(flat(de)).sort()).toEqual(Object.keys(flat(en)).sort());
});

test('both languages take the same values', () => {
  const german = flat(de);
  for (const [key, message] of Object.entries(flat(en))) {
    expect([key, valuesOf(german[key] ?? '', 'de')]).toEqual([key, valuesOf(message, 'en')]);
  }
});

test('every error has a sentence for people', () => {
  expect(Object.keys(en.errors)).toEqual(expect.arrayContaining([...errorCodes]));
});

test.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'en-GB', 'de'], 'en'],
  [['fr'], 'en'],
  [[], 'en'],
] as const)('of %j the language is %s', (wanted, language) => {
  expect(matchLanguage(wanted)).toBe(language);
});

test('times are written as the browser’s own variant does', () => {
  expect(localeOf('en', ['de', 'en-GB', 'en-US'])).toBe('en-GB');
  expect(localeOf('de', ['en-GB'])).toBe('de');
});

type Tree = { readonly [key: string]: string | Tree };

function flat(tree: Tree, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value]] : Object.entries(flat(value, `${prefix}${key}.`)),
    ),
  );
}

type Part = {
  readonly type: number;
  readonly value?: string;
  readonly options?: Record<string, { value: Part[] }>;
  readonly children?: Part[];
};

/** The names between braces and of tags; a message that can't be read throws. */
function valuesOf(message: string, locale: string): string[] {
  const names = new Set<string>();
  const visit = (parts: readonly Part[]) => {
    for (const part of parts) {
      if (part.type !== 0 && part.type !== 7 && part.value) names.add(part.value);
      for (const option of Object.values(part.options ?? {})) visit(option.value);
      visit(part.children ?? []);
    }
  };
  visit(new IntlMessageFormat(message, locale).getAst() as Part[]);
  return [...names].sort();
}
