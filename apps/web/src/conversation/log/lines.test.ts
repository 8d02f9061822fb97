import { seq, userId } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { entryRow, outboxRow } from '../testing/rows';
import { makeLines } from './lines';

const self = userId('self-user');
const ada = userId('ada-lovelace');
const grace = userId('grace-hopper');
const noon = new Date(2026, 10, 24, 12).getTime();
const day = 24 * 3_600_000;
const plain = { self, divider: null, moreAbove: false };

const shape = (lines: ReturnType<typeof makeLines>) =>
  lines.map(
    (line) =>
      `${line.opensDay ? 'D' : ''}${line.first ? '(' : ''}${line.row.seq ?? 'w'}${line.last ? ')' : ''}`,
  );

test('messages of one person within minutes are one group', () => {
  const rows = [
    entryRow({ seq: 1, sender: ada, sentAt: noon }),
    entryRow({ seq: 2, sender: ada, sentAt: noon + 60_000 }),
    entryRow({ seq: 3, sender: grace, sentAt: noon + 61_000 }),
    entryRow({ seq: 4, sender: grace, sentAt: noon + 10 * 60_000 }),
  ];
  expect(shape(makeLines(rows, plain))).toEqual(['D(1', '2)', '(3)', '(4)']);
});

test('a line about the group and a new day end a group', () => {
  const rows = [
    entryRow({ seq: 1, sender: ada, sentAt: noon }),
    entryRow({ seq: 2, sender: ada, sentAt: noon, kind: 'change', content: '{"type":"left"}' }),
    entryRow({ seq: 3, sender: ada, sentAt: noon }),
    entryRow({ seq: 4, sender: ada, sentAt: noon + day }),
  ];
  expect(shape(makeLines(rows, plain))).toEqual(['D(1)', '(2)', '(3)', 'D(4)']);
});

test('what waits joins the own group', () => {
  const rows = [entryRow({ seq: 1, sender: self, sentAt: noon }), outboxRow({ createdAt: noon + 1_000 })];
  expect(shape(makeLines(rows, plain))).toEqual(['D(1', 'w)']);
});

test('what waits is never on an earlier day than what is before it, however wrong the clock is', () => {
  const rows = [entryRow({ seq: 1, sender: self, sentAt: noon }), outboxRow({ createdAt: noon - day })];
  const lines = makeLines(rows, plain);
  expect(lines[1]).toMatchObject({ opensDay: false, at: noon });
});

test('the divider stands before the first unread message of somebody else, once', () => {
  const rows = [
    entryRow({ seq: 1, sender: ada, sentAt: noon }),
    entryRow({ seq: 2, sender: self, sentAt: noon }),
    entryRow({ seq: 3, sender: ada, sentAt: noon, kind: 'change', content: '{"type":"left"}' }),
    entryRow({ seq: 4, sender: ada, sentAt: noon }),
    entryRow({ seq: 5, sender: ada, sentAt: noon }),
  ];
  const lines = makeLines(rows, { ...plain, divider: { after: seq(1), count: 2 } });
  expect(lines.map((line) => line.unreadFromHere)).toEqual([0, 0, 0, 2, 0]);
});

test('the divider splits a group', () => {
  const rows = [1, 2, 3].map((at) => entryRow({ seq: at, sender: ada, sentAt: noon }));
  const lines = makeLines(rows, { ...plain, divider: { after: seq(1), count: 2 } });
  expect(shape(lines)).toEqual(['D(1)', '(2', '3)']);
});

test('lines that are shown look the same when older ones come before them', () => {
  const rows = [1, 2, 3, 4, 5].map((at) => entryRow({ seq: at, sender: ada, sentAt: noon + at * 1_000 }));
  const before = makeLines(rows.slice(2), { ...plain, moreAbove: true });
  const after = makeLines(rows, { ...plain, moreAbove: true });
  expect(shape(before)).toEqual(['4', '5)']);
  expect(shape(after).slice(-2)).toEqual(['4', '5)']);
});

test('a window that begins behind the first unread message has no divider', () => {
  const rows = [4, 5, 6].map((at) => entryRow({ seq: at, sender: ada, sentAt: noon }));
  const divider = { after: seq(1), count: 5 };
  const counts = (moreAbove: boolean) =>
    makeLines(rows, { self, divider, moreAbove }).map((line) => line.unreadFromHere);
  expect(counts(true)).toEqual([0, 0]);
  expect(counts(false)).toEqual([5, 0, 0]);
});
