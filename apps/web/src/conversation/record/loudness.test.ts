import { expect, test } from 'vitest';
import { squeezed } from './loudness';

test('many loudnesses become few, and no loud moment is lost', () => {
  expect(squeezed([0, 0.2, 0.9, 0.1, 0, 0.4], 3)).toEqual([0.2, 0.9, 0.4]);
});

test('few are spread over many', () => {
  expect(squeezed([0.1, 0.8], 4)).toEqual([0.1, 0.1, 0.8, 0.8]);
});

test('silence is flat', () => {
  expect(squeezed([], 3)).toEqual([0, 0, 0]);
});
