import { groupId, seq, userId } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { entryRow } from '../testing/rows';
import { makeLines } from './lines';
import { dividerOf, lineOf, openingOf, Places } from './places';

const self = userId('self-user');
const chat = groupId('a-test-group');
const rows = [3, 5, 8].map((at) => entryRow({ seq: at }));

test('a conversation opens where it was left, else at what is unread, else at the end', () => {
  const divider = dividerOf({ read: seq(3), unread: 2 });
  const place = { seq: seq(5), above: 12 };
  expect(openingOf(divider, place)).toEqual({ type: 'place', place });
  expect(openingOf(divider, null)).toEqual({ type: 'unread', after: 3 });
  expect(openingOf(dividerOf({ read: seq(8), unread: 0 }), null)).toEqual({ type: 'end' });
});

test('who was at the end comes back to the end', () => {
  const kept = new Places();
  kept.leave(chat, { seq: seq(5), above: 0 });
  kept.leave(chat, null);
  expect(kept.of(chat)).toBeNull();
});

test('the first unread line is found by its divider, a place by its position or the next', () => {
  const lines = makeLines(rows, { self, divider: { after: seq(3), count: 2 }, moreAbove: false });
  expect(lineOf(lines, { type: 'unread', after: seq(3) })).toBe(1);
  expect(lineOf(lines, { type: 'place', place: { seq: seq(5), above: 0 } })).toBe(1);
  expect(lineOf(lines, { type: 'place', place: { seq: seq(6), above: 0 } })).toBe(2);
  expect(lineOf(lines, { type: 'place', place: { seq: seq(9), above: 0 } })).toBe(-1);
  expect(lineOf(lines, { type: 'place', place: { seq: seq(2), above: 0 } })).toBe(-1);
});
