import { expect, test, vi } from 'vitest';
import { heldTimers } from '../testing/timers.ts';
import { GuardedRowCache } from './guarded.ts';
import type { RowCache } from './port.ts';

/** A cache that does as it is told, behind a guard. */
function guarded(behaviour: () => Promise<unknown>) {
  const cache = {
    read: vi.fn(behaviour) as RowCache['read'],
    fill: vi.fn(behaviour) as RowCache['fill'],
    invalidate: vi.fn(behaviour) as RowCache['invalidate'],
  };
  const timers = heldTimers();
  return { cache, timers, guard: new GuardedRowCache(cache, timers.clock) };
}
const nothing = { row: null, lease: null };
const fills = [{ key: 'a', row: 'row', lease: 'lease' }];

test('a cache that is well is passed through', async () => {
  const { cache, timers, guard } = guarded(async () => [{ row: 'row' }]);
  expect(await guard.read(['a'])).toEqual([{ row: 'row' }]);
  await guard.fill(fills);
  await guard.invalidate(['a']);
  expect(cache.fill).toHaveBeenCalledWith(fills);
  expect(cache.invalidate).toHaveBeenCalledWith(['a']);
  expect(timers.pending()).toEqual([]);
});

test('a cache that is down has no rows, and makes nobody fail', async () => {
  const { guard } = guarded(() => Promise.reject(new Error('down')));
  expect(await guard.read(['a', 'b'])).toEqual([nothing, nothing]);
  await guard.fill(fills);
  await guard.invalidate(['a']);
});

test('a cache that doesn’t answer is waited for 0.1 s, and 0.5 s by a change', async () => {
  const { timers, guard } = guarded(() => new Promise(() => {}));
  const [read, invalidated] = [guard.read(['a']), guard.invalidate(['a'])];
  expect(timers.pending().sort()).toEqual([100, 500]);
  timers.run();
  expect(await read).toEqual([nothing]);
  await invalidated;
});

test('one that fails again and again isn’t asked for a while, but told of changes', async () => {
  const { cache, timers, guard } = guarded(() => Promise.reject(new Error('down')));
  for (let n = 0; n < 7; n += 1) expect(await guard.read(['a'])).toEqual([nothing]);
  await guard.fill(fills);
  expect(cache.read).toHaveBeenCalledTimes(5);
  expect(cache.fill).not.toHaveBeenCalled();
  await guard.invalidate(['a']);
  expect(cache.invalidate).toHaveBeenCalledTimes(1);
  timers.run();
  await guard.read(['a']);
  expect(cache.read).toHaveBeenCalledTimes(6);
});
