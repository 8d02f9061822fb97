import { expect, test } from 'vitest';
import { matches } from './matching';

test.each([
  ['', 'Anna Berg', true],
  ['an', 'Anna Berg', true],
  ['BERG', 'Anna Berg', true],
  ['ber ann', 'Anna Berg', true],
  ['nna', 'Anna Berg', false],
  ['anna c', 'Anna Berg', false],
  ['zoe', 'Zoë', true],
  ['groß', 'Große Runde', true],
  ['li', 'mei-lin', true],
] as const)('%j finds %j: %s', (query, name, found) => {
  expect(matches(query, name)).toBe(found);
});

test('the words of a query may be in different names', () => {
  expect(matches('anna ab', 'Anna Berg', 'ab_1987')).toBe(true);
});
