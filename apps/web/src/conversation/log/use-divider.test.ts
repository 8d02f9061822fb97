import { seq } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { renewDivider } from './use-divider';

const at = (after: number, count: number) => ({ after: seq(after), count });

test('the divider grows while nothing is read', () => {
  expect(renewDivider(at(3, 1), at(3, 2), { looking: false })).toEqual(at(3, 2));
  expect(renewDivider(null, at(3, 1), { looking: true })).toEqual(at(3, 1));
});

test('it stays where it is for who is reading, and begins anew for who comes back', () => {
  expect(renewDivider(at(3, 4), at(5, 3), { looking: true })).toEqual(at(3, 4));
  expect(renewDivider(at(3, 4), at(7, 1), { looking: false })).toEqual(at(7, 1));
});

test('it stays when all is read', () => {
  expect(renewDivider(at(3, 4), null, { looking: false })).toEqual(at(3, 4));
});
