import { expect, test } from 'vitest';
import { beginningOf, preview } from './shorten';

test('a text of ordinary length is shown whole', () => {
  expect(beginningOf('Hello there')).toBeNull();
  expect(beginningOf('word '.repeat(250))).toBeNull();
});

test('a long text is cut at a word', () => {
  const text = 'word '.repeat(5_000);
  const beginning = beginningOf(text);
  expect(beginning?.length).toBeLessThanOrEqual(1_200);
  expect(beginning?.endsWith('word')).toBe(true);
});

test('a text of many lines is cut after some of them', () => {
  const beginning = beginningOf('a\n'.repeat(200));
  expect(beginning?.split('\n')).toHaveLength(24);
});

test('a cut never goes through a character', () => {
  const beginning = beginningOf('👩‍👩‍👧‍👦'.repeat(1_000)) as string;
  expect(beginning.isWellFormed()).toBe(true);
  expect(beginning.endsWith('\u200D')).toBe(false);
});

test('a preview is one line and counts characters, not code units', () => {
  expect(preview('a\n b\tc', 10)).toBe('a b c');
  expect(preview('🎉'.repeat(30), 10)).toBe(`${'🎉'.repeat(9)}…`);
});
