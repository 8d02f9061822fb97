import { seq } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { chat, conversation, waiting } from '@/engine/testing/seed';
import { newestWaiting } from './newest-waiting';
import { chatsWithSomething } from './shown-chats';

const written = conversation([[1, 3]]);
const opened = conversation([]);
const deleted = conversation([[1, 3]], { clearedSeq: seq(3) });
const nothing = new Map();

const shows = (row: typeof written, outbox = nothing, open: typeof chat | null = null) =>
  chatsWithSomething([row], outbox, open).length === 1;

test('a chat with messages shows, one that was only opened or deleted here doesn’t', () => {
  expect(shows(written)).toBe(true);
  expect(shows(opened)).toBe(false);
  expect(shows(deleted)).toBe(false);
});

test('a deleted chat comes back with the next message', () => {
  expect(shows({ ...deleted, head: seq(4) })).toBe(true);
});

test('the open chat, a draft and what waits to be sent show', () => {
  expect(shows(opened, nothing, chat)).toBe(true);
  expect(shows({ ...opened, draft: 'Dear' })).toBe(true);
  expect(shows(opened, new Map(newestWaiting([waiting('hello')])))).toBe(true);
});

test('an emptied group shows as long as one is in it', () => {
  const group = { ...deleted, kind: 'group' as const };
  expect(shows(group)).toBe(true);
  expect(shows({ ...group, removedSeq: seq(3) })).toBe(false);
});

test('of several waiting messages the newest counts, and no edits', () => {
  const items = [waiting('one'), waiting('two'), waiting('edit', { kind: 'edit' })];
  expect(newestWaiting(items).get(chat)?.clientId).toBe('two-----');
});
