import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveQueries } from './live-queries';
import { MemoryDeviceStore } from './memory-device-store';
import { oneChat } from './queries';
import { chat, conversation } from './testing/seed';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('views that ask the same share one read, and hear only of changes', async () => {
  const store = new MemoryDeviceStore();
  const live = vi.spyOn(store, 'live');
  const queries = new LiveQueries(store);
  const heard = [vi.fn(), vi.fn()];
  const query = () => queries.query(oneChat(chat));
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
  const query = () => queries.query(oneChat(chat));
  const end = query().subscribe(() => {});
  await vi.advanceTimersByTimeAsync(10);
  end();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(query().get()).toEqual(conversation([[1, 5]]));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(query().get()).toBeUndefined();
});

test('what was read ahead is there for the first rendering', async () => {
  const store = new MemoryDeviceStore();
  await store.apply([{ type: 'put-conversation', conversation: conversation([[1, 5]]) }]);
  const queries = new LiveQueries(store);
  expect(await queries.ahead(oneChat(chat))).toEqual(conversation([[1, 5]]));
  expect(queries.query(oneChat(chat)).get()).toEqual(conversation([[1, 5]]));
});
