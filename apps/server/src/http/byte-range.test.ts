import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteRangeOf } from './byte-range.ts';

test.each([
  [undefined, { type: 'whole' }],
  ['bytes=0-9', { type: 'part', first: 0, last: 9 }],
  ['bytes=90-', { type: 'part', first: 90, last: 99 }],
  ['bytes=90-1000', { type: 'part', first: 90, last: 99 }],
  ['bytes=-10', { type: 'part', first: 90, last: 99 }],
  ['bytes=-1000', { type: 'part', first: 0, last: 99 }],
  ['bytes=99-99', { type: 'part', first: 99, last: 99 }],
  ['bytes=100-', { type: 'outside' }],
  ['bytes=-0', { type: 'outside' }],
  ['bytes=9-0', { type: 'whole' }],
  ['bytes=-', { type: 'whole' }],
  ['bytes=0-1,5-6', { type: 'whole' }],
  ['bytes=a-b', { type: 'whole' }],
  ['items=0-1', { type: 'whole' }],
])('of 100 bytes %j is %j', (header, range) => {
  expect(byteRangeOf(header, 100)).toEqual(range);
});

test('a part lies within, whatever is asked', () => {
  const number = fc.option(fc.nat({ max: 2_000 }), { nil: '' });
  fc.assert(
    fc.property(number, number, fc.integer({ min: 1, max: 1_000 }), (from, to, bytes) => {
      const range = byteRangeOf(`bytes=${from}-${to}`, bytes);
      if (range.type !== 'part') return;
      expect(range.first).toBeGreaterThanOrEqual(0);
      expect(range.last).toBeGreaterThanOrEqual(range.first);
      expect(range.last).toBeLessThan(bytes);
    }),
  );
});
