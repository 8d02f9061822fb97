import { expect, test } from 'vitest';
import { resetCode, resetLink } from './reset-link';

test('the code of a link is the one that it was made with', () => {
  const link = new URL(resetLink('https://chat.example.org', 'a-b_c%d'));
  expect(link.pathname).toBe('/reset');
  expect(resetCode(link.hash)).toBe('a-b_c%d');
});

test.each(['', '#', '#%'])('%j holds none', (hash) => {
  expect(resetCode(hash)).toBe('');
});
