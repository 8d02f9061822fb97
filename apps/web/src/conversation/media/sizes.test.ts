import type { MessageContent } from '@tidings/api/content';
import type { MediaItem } from '@tidings/api/media';
import { expect, test } from 'vitest';
import { heightIn, mostWidth, sizeOf } from './sizes';
import { aDocument, aPicture } from './testing/items';

const carrying = (...items: MediaItem[]): MessageContent => ({ type: 'media', text: '', items });

test('a picture keeps its proportion', () => {
  expect(sizeOf(carrying(aPicture({ width: 4000, height: 3000 })))?.box).toEqual({ width: 330, height: 248 });
});

test('a very high, a very wide and a tiny picture stay within limits', () => {
  expect(sizeOf(carrying(aPicture({ width: 100, height: 10_000 })))?.box).toEqual({
    width: 150,
    height: 400,
  });
  expect(sizeOf(carrying(aPicture({ width: 10_000, height: 10 })))?.box).toEqual({ width: 330, height: 100 });
  expect(sizeOf(carrying(aPicture({ width: 1, height: 1 })))?.box).toEqual({ width: 330, height: 330 });
});

test('a picture without a size has one all the same', () => {
  const { width: _, height: __, ...unsized } = aPicture();
  expect(sizeOf(carrying(unsized))?.box).toEqual({ width: 330, height: 248 });
});

test('several pictures are one square, two of them a lower box', () => {
  const picture = aPicture();
  expect(sizeOf(carrying(picture, picture))?.box?.height).toBeLessThan(mostWidth);
  expect(sizeOf(carrying(picture, picture, picture))?.box).toEqual({ width: mostWidth, height: mostWidth });
});

test('documents stand in rows below', () => {
  const size = sizeOf(carrying(aPicture(), aDocument(), aDocument()));
  expect(size?.rows).toBe(128);
  expect(sizeOf(carrying(aDocument()))?.box).toBeNull();
});

test('in a narrow column the box shrinks, the rows don’t', () => {
  const size = { box: { width: 330, height: 200 }, rows: 64 };
  expect(heightIn(165, size)).toBe(164);
  expect(heightIn(500, size)).toBe(264);
});

test('words alone have none', () => {
  expect(sizeOf({ type: 'text', text: 'hello' })).toBeNull();
});
