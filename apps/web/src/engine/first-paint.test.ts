import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FirstPaint } from './first-paint';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback, 16));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the engine may start when what is local is painted, and not before', async () => {
  const { paint, heard } = setUp();
  paint.committed();
  await vi.advanceTimersByTimeAsync(15);
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(5);
  expect(heard).toEqual(['local', 'shown']);
});

test('where nothing is local it starts at once; the rest of the app still waits for something to show', async () => {
  const { paint, heard } = setUp();
  paint.nothingLocal();
  await vi.advanceTimersByTimeAsync(0);
  expect(heard).toEqual(['local']);
  paint.committed();
  await vi.advanceTimersByTimeAsync(20);
  expect(heard).toEqual(['local', 'shown']);
});

test('a page that never paints, in the background, holds nothing up for long', async () => {
  vi.stubGlobal('requestAnimationFrame', () => {});
  const { paint, heard } = setUp();
  paint.atLatest();
  paint.committed();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(heard).toEqual(['local', 'shown']);
});

function setUp() {
  const paint = new FirstPaint();
  const heard: string[] = [];
  void paint.local.then(() => heard.push('local'));
  void paint.shown.then(() => heard.push('shown'));
  return { paint, heard };
}
