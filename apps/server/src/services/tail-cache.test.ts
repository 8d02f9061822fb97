import type { Entry } from '@tidings/api/entry';
import { seq } from '@tidings/api/ids';
import { entryAt } from '@tidings/db/testing/make';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { someGroup } from '../testing/world.ts';
import { TailCache } from './tail-cache.ts';

const group = someGroup();
const cacheOf = (...positions: number[]) => {
  const cache = new TailCache({ maxBytes: 10_000_000 });
  cache.put(positions.map((position) => entryAt(group, position)));
  return cache;
};
const positionsOf = (entries: readonly Entry[] | null) => entries?.map((entry) => entry.seq) ?? null;

test('answers what it was given, whole or not at all', () => {
  const cache = cacheOf(3, 4, 6);
  expect(positionsOf(cache.range(group, 3, 4))).toEqual([3, 4]);
  expect(cache.range(group, 3, 6)).toBeNull();
  expect(cache.range(group, 2, 3)).toBeNull();
  expect(positionsOf(cache.range(group, 5, 4))).toEqual([]);
  expect(cache.top(group)).toBe(6);
  expect(cache.top(someGroup())).toBe(0);
});

test('LOG6 whatever comes in whatever order, what it answers is what was written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 400 }),
      fc.integer({ min: 1, max: 600 }),
      fc.nat(140),
      (written, first, length) => {
        const cache = cacheOf(...written);
        const wanted = Array.from({ length: length + 1 }, (_, index) => first + index);
        const answered = cache.range(group, first, first + length);
        if (answered !== null) {
          expect(positionsOf(answered)).toEqual(wanted);
          for (const position of wanted) expect(written).toContain(position);
        }
        expect(cache.top(group)).toBe(Math.max(0, ...written));
      },
    ),
  );
});

test('keeps the newest of a conversation', () => {
  const cache = cacheOf(...Array.from({ length: 300 }, (_, index) => index + 1));
  expect(positionsOf(cache.range(group, 173, 300))).toHaveLength(128);
  expect(cache.get(group, 172)).toBeUndefined();
  cache.put([entryAt(group, 10)]);
  expect(cache.get(group, 300)).toBeDefined();
});

test('LOG7 holds nothing of what was redacted', () => {
  const cache = cacheOf(1, 2);
  cache.redact(group, seq(1));
  expect(cache.get(group, 1)).toMatchObject({ content: '', deleted: true });
  cache.redact(group, seq(7));
});

test('stays within its bytes, and leaves large entries to the store', () => {
  const cache = new TailCache({ maxBytes: 20_000 });
  const groups = Array.from({ length: 10 }, () => someGroup());
  for (const each of groups) cache.put([entryAt(each, 1, { content: 'x'.repeat(4_000) })]);
  expect(groups.filter((each) => cache.get(each, 1)).length).toBeLessThanOrEqual(2);
  cache.put([entryAt(group, 1, { content: 'x'.repeat(90_000) })]);
  expect(cache.get(group, 1)).toBeUndefined();
  expect(cache.top(group)).toBe(1);
});
