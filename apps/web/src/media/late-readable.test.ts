import { expect, test } from 'vitest';
import { lateReadable } from './late-readable';
import { Cell } from './readable';

test('whoever follows a value hears of it when it comes, and from then on, and not after leaving', async () => {
  const cell = new Cell('here');
  const readable = lateReadable('absent', Promise.resolve(cell));
  const told: string[] = [];
  expect(readable.get()).toBe('absent');
  const end = readable.subscribe(() => told.push(readable.get()));
  const endAtOnce = readable.subscribe(() => told.push('somebody who left'));
  endAtOnce();
  await Promise.resolve().then(() => {});
  cell.set('gone');
  cell.set('gone');
  end();
  cell.set('here');
  expect(told).toEqual(['here', 'gone']);
});

test('a value that never comes leaves what there was', async () => {
  const readable = lateReadable('absent', Promise.reject(new Error('no code')));
  readable.subscribe(() => expect.unreachable());
  await Promise.resolve().then(() => {});
  expect(readable.get()).toBe('absent');
});
