import { userId } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { entryRow, outboxRow } from '../testing/rows';
import { makeLines } from './lines';
import { firstShown, lastSeen } from './seen';

const self = userId('self-user');
const lines = makeLines(
  [entryRow({ seq: 3 }), entryRow({ seq: 4 }), entryRow({ seq: 7 }), outboxRow({ createdAt: 9_000 })],
  { self, divider: null, moreAbove: false },
);
const extents = [0, 1, 2, 3].map((index) => ({ index, start: index * 100, end: index * 100 + 100 }));

test('MARK3 only what is on the screen is read', () => {
  expect(lastSeen(lines, extents, { top: 0, bottom: 200 })).toBe(4);
  expect(lastSeen(lines, extents, { top: 0, bottom: 250 })).toBe(4);
  expect(lastSeen(lines, extents, { top: 0, bottom: 300 })).toBe(7);
});

test('MARK3 what waits to be sent is nothing to read', () => {
  expect(lastSeen(lines, extents, { top: 0, bottom: 400 })).toBe(7);
  expect(lastSeen(lines, extents, { top: 300, bottom: 400 })).toBeNull();
});

test('MARK3 a message taller than the screen is seen by a good part of it', () => {
  const tall = [{ index: 0, start: 0, end: 5_000 }];
  expect(lastSeen(lines, tall, { top: 0, bottom: 100 })).toBeNull();
  expect(lastSeen(lines, tall, { top: 0, bottom: 600 })).toBe(3);
});

test('MARK3 a screen of no height shows nothing', () => {
  expect(lastSeen(lines, extents, { top: 0, bottom: 0 })).toBeNull();
});

test('the place to come back to is the line at the upper edge', () => {
  expect(firstShown(extents, { top: 130, bottom: 300 })).toEqual({ index: 1, above: 30 });
  expect(firstShown(extents, { top: 100, bottom: 300 })).toEqual({ index: 1, above: 0 });
  expect(firstShown([], { top: 0, bottom: 300 })).toBeNull();
});
