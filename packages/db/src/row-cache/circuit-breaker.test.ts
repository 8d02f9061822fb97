import { expect, test, vi } from 'vitest';
import { heldTimers } from '../testing/timers.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

const failing = () => Promise.reject(new Error('down'));
const working = async () => 'answer';

/** A breaker that has failed so often in a row. */
async function brokenBreaker(failures: number) {
  const timers = heldTimers();
  const breaker = new CircuitBreaker(timers.clock);
  for (let n = 0; n < failures; n += 1) await expect(breaker.run(failing)).rejects.toThrow('down');
  return { breaker, timers };
}

test('some failures are passed on, and a success forgets them', async () => {
  const { breaker } = await brokenBreaker(4);
  expect(await breaker.run(working)).toBe('answer');
  await expect(breaker.run(failing)).rejects.toThrow('down');
  expect(await breaker.run(working)).toBe('answer');
});

test('after five in a row nobody asks, for 2 s', async () => {
  const { breaker, timers } = await brokenBreaker(5);
  const work = vi.fn(working);
  expect(await breaker.run(work)).toBeNull();
  expect(work).not.toHaveBeenCalled();
  expect(timers.pending()).toEqual([2_000]);
  timers.run();
  expect(await breaker.run(work)).toBe('answer');
  expect(await breaker.run(work)).toBe('answer');
});

test('one tries for all, and when that fails they wait again', async () => {
  const { breaker, timers } = await brokenBreaker(5);
  timers.run();
  const trial = breaker.run(failing);
  expect(await breaker.run(working)).toBeNull();
  await expect(trial).rejects.toThrow('down');
  expect(await breaker.run(working)).toBeNull();
  timers.run();
  expect(await breaker.run(working)).toBe('answer');
});
