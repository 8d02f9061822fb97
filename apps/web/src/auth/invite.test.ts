import { expect, test } from 'vitest';
import { inviteCode, inviteLink } from './invite';

test('an invitation is pasted as a code or as the whole link', () => {
  expect(inviteCode(' a-B_c ')).toBe('a-B_c');
  expect(inviteCode(inviteLink('https://chat.example', 'a-B_c'))).toBe('a-B_c');
  expect(inviteCode('Come in! https://chat.example/sign-up?x=1&invite=a%2DB_c#top')).toBe('a-B_c');
  expect(inviteCode('')).toBe('');
});
