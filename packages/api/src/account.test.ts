import { describe, expect, test } from 'vitest';
import { isClientItem } from './account.ts';

const chat = 'direct:ann-00000000:ben-00000000';

describe('ACCT2 what clients may put', () => {
  test.each([
    [`draft:${chat}`, { text: 'half', at: 1 }],
    [`draft:${chat}`, null],
    [`mute:${chat}`, 0],
    [`pin:${chat}`, 1],
    [`archive:${chat}`, true],
    [`hide:${chat}:7`, true],
    [`clear:${chat}`, 7],
    [`star:${chat}:7`, 1],
  ])('%s %j', (key, value) => expect(isClientItem({ key, value })).toBe(true));

  test.each([
    [`conversation:${chat}`, 1],
    ['profile', 1],
    ['draft:account:ann-00000000', null],
    [`draft:${chat}`, 'text'],
    [`mute:${chat}`, -1],
    [`archive:${chat}`, false],
    [`hide:${chat}`, true],
    [`star:${chat}:x`, 1],
    ['anything', null],
  ])('not %s %j', (key, value) => expect(isClientItem({ key, value })).toBe(false));
});
