import { expect, test } from 'vitest';
import { emojiCount } from './emoji-only';

test.each([
  ['👍', 1],
  ['  👍\n', 1],
  ['👩‍👩‍👧‍👦', 1],
  ['👋🏽', 1],
  ['🇩🇪🇫🇷', 2],
  ['❤️ 🎉 1️⃣', 3],
  ['🎉🎉🎉🎉', 0],
  ['ok 👍', 0],
  ['1', 0],
  ['#', 0],
  ['', 0],
  ['   ', 0],
] as const)('%j shows as %d large emoji', (text, count) => {
  expect(emojiCount(text)).toBe(count);
});

test('a long text is not looked at', () => {
  expect(emojiCount('👍'.repeat(20_000))).toBe(0);
});
