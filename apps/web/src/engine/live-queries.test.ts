import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveQueries } from './live-queries';
import { MemoryDeviceStore } from './memory-device-store';
import { share } from './sharing';
import { chat, conversation } from './testing/seed';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('views that ask the same share one read, and hear only of changes', async () => {
  const store = new MemoryDeviceStore();
  const live = vi.spyOn(store, 'live');
  const queries = new LiveQueries(store);
  const heard = [vi.fn(), vi.fn()];
  const query = () => queries.query('c', (reads) => reads.conversation(chat), share);
  for (const listener of heard) query().subscribe(listener);
  await store.apply([{ type: 'put-conversation', conversation: conversation([[1, 5]]) }]);
  await vi.waitFor(() => expect(query().get()).toEqual(conversation([[1, 5]])));
  const before = query().get();
  const calls = heard[1]?.mock.calls.length;
  await store.apply([{ type: 'put-conversation', conversation: conversation([[1, 5]]) }]);
  await vi.advanceTimersByTimeAsync(10);
  expect(query().get()).toBe(before);
  expect(heard[1]?.mock.calls.length).toBe(calls);
  expect(live).toHaveBeenCalledTimes(1);
});

test('who comes back soon has the last value at once; later it is let go', async () => {
  const store = new MemoryDeviceStore();
  await store.apply([{ type: 'put-conversation', conversation: conversation([[1, 5]]) }]);
  const queries = new LiveQueries(store);
  const query = () => queries.query('c', (reads) => reads.conversation(chat), share);
  const end = query().subscribe(() => {});
  await vi.advanceTimersByTimeAsync(10);
  end();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(query().get()).toEqual(conversation([[1, 5]]));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(query().get()).toBeUndefined();
});
