import { expect, test, vi } from 'vitest';
import { withProgress } from './progress';

test('progress is told while it runs, and not after the answer', async () => {
  const tell = vi.fn();
  let late = (_: number): void => {};
  const answer = await withProgress(tell, async (progress: (done: number) => void) => {
    progress(1);
    late = progress;
    return 'done';
  });
  late(2);
  expect(answer).toBe('done');
  expect(tell.mock.calls).toEqual([[1]]);
});

test('nor after a failure', async () => {
  const tell = vi.fn();
  let late = (_: number): void => {};
  const failing = withProgress(tell, async (progress: (done: number) => void) => {
    late = progress;
    throw new Error('broke');
  });
  await expect(failing).rejects.toThrow('broke');
  late(2);
  expect(tell).not.toHaveBeenCalled();
});
