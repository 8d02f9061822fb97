import type { MediaContent } from '@tidings/api/content';
import { userId } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import { expect, test } from 'vitest';
import { kindOf, summaryOf } from './summary';
import { aDocument, aPicture, aVideo, aVoice } from './testing/items';

const carrying = (items: readonly MediaItem[], text = ''): MediaContent => ({ type: 'media', text, items });

test.each([
  [[aPicture()], 'Photo', 'Foto'],
  [[aVideo()], 'Video', 'Video'],
  [[aVoice()], 'Voice message (0:12)', 'Sprachnachricht (0:12)'],
  [[aDocument()], 'Plan.pdf', 'Plan.pdf'],
  [[aDocument({ name: undefined })], 'Document', 'Dokument'],
  [[aPicture(), aPicture(), aPicture()], '3 photos', '3 Fotos'],
  [[aPicture(), aVideo()], '2 photos and videos', '2 Fotos und Videos'],
  [[aPicture(), aDocument()], '2 files', '2 Dateien'],
])('what a message carries has a name, in each language', (items, english, german) => {
  expect(kindOf(carrying(items), 'en-GB')).toBe(english);
  expect(kindOf(carrying(items), 'de')).toBe(german);
});

test('places and contacts are named', () => {
  const place = { latitude: 1, longitude: 2 };
  expect(kindOf({ type: 'place', text: '', place }, 'en')).toBe('Place');
  expect(kindOf({ type: 'place', text: '', place: { ...place, label: 'Pier' } }, 'en')).toBe('Place: Pier');
  const contact = { user: userId('ada-lovelace'), name: 'Ada' };
  expect(kindOf({ type: 'contact', text: '', contact }, 'en')).toBe('Contact: Ada');
});

test('words with it follow, words alone stand alone', () => {
  expect(summaryOf(carrying([aPicture()], 'the lake'), 'en')).toBe('Photo: the lake');
  expect(summaryOf({ type: 'text', text: 'hello' }, 'en')).toBe('hello');
});
