import { seq } from '@tidings/api/ids';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { someChat, someUser } from '../testing/make.ts';
import { type Call, commitWrites, openCore, runRead } from './core.ts';
import { openFile } from './open.ts';

let db: Database;
let core: ReturnType<typeof openCore>;

beforeEach(() => {
  db = openFile(':memory:');
  core = openCore(db);
});
afterEach(() => {
  db.close();
});

const chat = someChat();
const reader = someUser();

const append = (position: number, content: unknown = 'x'): Call => ({
  operation: 'appendEntries',
  parameters: [[[chat, position, 'message', 'someone', null, null, 1, null, content, 0]]],
});
const advance = (delivered: number): Call => ({
  operation: 'advanceMarks',
  parameters: [[[chat, reader, delivered, 0, 1]]],
});
const head = () => runRead(core, { operation: 'heads', parameters: [[chat]] });

test('a call that fails by itself fails alone', () => {
  const poison = append(2, { not: 'text' });
  const answers = commitWrites(core, [append(1), poison, advance(3), append(4)]);
  expect(answers.map((answer) => 'error' in answer)).toEqual([false, true, false, false]);
  expect(answers[2]).toEqual({ value: [[3, 0]] });
  expect(head()).toEqual({ value: [{ seq: 4, sentAt: 1 }] });
});

test('LOG2 a commit that fails answers none of its calls and leaves nothing behind', () => {
  commitWrites(core, [append(1), advance(1)]);
  db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
  const answers = commitWrites(core, [append(2), advance(2), append(3, 'x'.repeat(90_000))]);
  expect(answers).toMatchObject(Array(3).fill({ error: { code: 'storage-full' } }));
  expect(head()).toEqual({ value: [{ seq: 1, sentAt: 1 }] });

  db.pragma('max_page_count = 1000000');
  const again = commitWrites(core, [append(2), advance(1)]);
  expect(again).toEqual([{ value: ['written'] }, { value: [[1, 0]] }]);
});

test('what was learnt in a commit that failed is forgotten', () => {
  const fresh = someChat();
  const appendTo = (content: unknown): Call => ({
    operation: 'appendEntries',
    parameters: [[[fresh, 1, 'message', 'someone', null, null, 1, null, content, 0]]],
  });
  expect(commitWrites(core, [appendTo({})])).toMatchObject([{ error: { code: 'unavailable' } }]);
  // Another conversation takes the number that was given and taken back.
  commitWrites(core, [append(1)]);
  expect(commitWrites(core, [appendTo('mine')])).toEqual([{ value: ['written'] }]);
  const span = { conversation: fresh, first: seq(1), last: seq(9), from: 'oldest', limit: 9 };
  const page = runRead(core, { operation: 'readEntries', parameters: [[span]] });
  expect(page).toMatchObject({ value: [[[1, 'message', 'someone', null, null, 1, null, 'mine', 0]]] });
});

test('an operation that there isn’t is refused', () => {
  expect(runRead(core, { operation: 'appendEntries', parameters: [[]] })).toMatchObject({
    error: { code: 'unavailable' },
  });
});
