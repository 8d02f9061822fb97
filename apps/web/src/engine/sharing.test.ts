import { expect, test } from 'vitest';
import { share, shareRows } from './sharing';

test('what is equal keeps its identity, at every depth', () => {
  const before = { name: 'a', ranges: [{ first: 1, last: 2 }], last: { seq: 2, reactions: { '👋': ['x'] } } };
  const same = structuredClone(before);
  expect(share(before, same)).toBe(before);
  const grown = { ...structuredClone(before), ranges: [{ first: 1, last: 3 }] };
  const shared = share(before, grown);
  expect(shared).toEqual(grown);
  expect(shared).not.toBe(before);
  expect(shared.last).toBe(before.last);
});

test('a property that came or went is a change', () => {
  const before: { a: number; b?: number } = { a: 1 };
  expect(share(before, { a: 1, b: undefined })).not.toBe(before);
  expect(share({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
});

test('rows that moved keep their identity; the list itself when nothing moved', () => {
  const before = [
    { id: 'a', n: 1 },
    { id: 'b', n: 2 },
  ];
  const keyOf = (row: { id: string }) => row.id;
  expect(shareRows(before, structuredClone(before), keyOf)).toBe(before);
  const moved = shareRows(
    before,
    [
      { id: 'b', n: 2 },
      { id: 'a', n: 5 },
    ],
    keyOf,
  );
  expect(moved[0]).toBe(before[1]);
  expect(moved[1]).toEqual({ id: 'a', n: 5 });
});
