import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MemoryDeviceStore } from './memory-device-store';
import { MessageWindow } from './message-window';
import { chat, hold, self } from './testing/seed';
import { WindowsAhead } from './windows-ahead';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the view gets a window that has its messages already, and goes on with it', async () => {
  const { windows, store } = await setUp();
  const ready = await windows.prepare(chat);
  expect(ready.rows).toHaveLength(2);
  const window = windows.look(chat);
  expect(window?.get()).toBe(ready);
  const end = window?.open();
  windows.taken(chat);
  await hold(store, [[1, 3]]);
  await vi.waitFor(() => expect(window?.get().rows).toHaveLength(3));
  end?.();
  expect(windows.look(chat)).toBeUndefined();
});

test('a window that nobody takes is let go', async () => {
  const { windows } = await setUp();
  await windows.prepare(chat);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(windows.look(chat)).toBeUndefined();
});

async function setUp() {
  const store = new MemoryDeviceStore();
  await hold(store, [[1, 2]]);
  const engine = { loadOlder: vi.fn(), loadAround: vi.fn() };
  const make = () => new MessageWindow({ conversation: chat, reads: store, engine, own: self });
  return { store, windows: new WindowsAhead(make) };
}
