import { describe, expect, test } from 'vitest';
import {
  accountId,
  conversationKind,
  directId,
  groupId,
  isConversationId,
  peerOf,
  seq,
  userId,
  usersNamedBy,
} from './ids.ts';

const ann = userId('ann-00000000');
const ben = userId('ben-00000000');

describe('conversation ids', () => {
  test('a direct conversation has one id, whoever is named first', () => {
    expect(directId(ann, ben)).toBe(directId(ben, ann));
    expect(usersNamedBy(directId(ben, ann))).toEqual([ann, ben]);
    expect(() => directId(ann, ann)).toThrow(RangeError);
  });
  test('an id tells its kind', () => {
    expect([directId(ann, ben), groupId('rowing-club'), accountId(ann)].map(conversationKind)).toEqual([
      'direct',
      'group',
      'account',
    ]);
  });
  test('the peer is the other one, and nobody for a stranger or a group', () => {
    expect(peerOf(directId(ann, ben), ann)).toBe(ben);
    expect(peerOf(directId(ann, ben), userId('eve-00000000'))).toBeNull();
    expect(peerOf(groupId('rowing-club'), ann)).toBeNull();
  });
  test.each([
    '',
    'direct:ann-00000000',
    `direct:${ben}:${ann}`,
    `direct:${ann}:${ann}`,
    'group:',
    'group:short',
    'account:../../etc',
    `group:${'x'.repeat(65)}`,
    `direct:${ann}:${ben}:${ben}`,
    'void:something',
  ])('%j is none', (value) => {
    expect(isConversationId(value)).toBe(false);
  });
});

test('a position is a whole number from 0', () => {
  expect(seq(0)).toBe(0);
  for (const wrong of [-1, 0.5, Number.NaN, 2 ** 60]) expect(() => seq(wrong)).toThrow(RangeError);
});
