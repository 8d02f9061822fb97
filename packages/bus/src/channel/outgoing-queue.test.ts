import { expect, test } from 'vitest';
import { OutgoingQueue } from './outgoing-queue.ts';

test('a full queue loses the oldest', () => {
  const queue = new OutgoingQueue(2);
  expect(['a', 'b', 'c'].map((envelope) => queue.push(envelope))).toEqual([true, true, false]);
  expect(queue.take(100)).toEqual(['b', 'c']);
});

test('what is taken together is bounded, but never nothing', () => {
  const queue = new OutgoingQueue(10);
  for (const envelope of ['aaaa', 'bb', 'cc', 'ddddddddd', 'e']) queue.push(envelope);
  expect(queue.take(8)).toEqual(['aaaa', 'bb', 'cc']);
  expect(queue.take(8)).toEqual(['ddddddddd']);
  expect(queue.length).toBe(1);
  expect(queue.take(8)).toEqual(['e']);
  expect(queue.take(8)).toEqual([]);
});
