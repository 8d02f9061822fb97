import { expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { describeLog } from './contract.ts';
import { MemoryLog } from './memory.ts';

const clock = new ManualClock();
describeLog('memory', { open: async () => new MemoryLog(clock), pass: clock.pass });

test('a consumer that fails is tried again after 100 ms, then ever more seldom, up to 5 s', async () => {
  const log = new MemoryLog<number>(clock);
  const times: number[] = [];
  const end = await log.consume('topic', 'group', async () => {
    times.push(clock.now());
    throw new Error('not now');
  });
  await log.produce('topic', [{ key: 'a', value: 1 }]);
  await clock.pass(20_000);
  await end();
  const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  await clock.pass(60_000);
  expect(times).toHaveLength(9);
});

test('a log that nobody empties refuses more, rather than growing', async () => {
  const log = new MemoryLog<number>(clock);
  const end = await log.consume('topic', 'group', () => Promise.reject(new Error('never')));
  const records = Array.from({ length: 5_000 }, (_, value) => ({ key: 'a', value }));
  await log.produce('topic', records);
  await log.produce('topic', records);
  await expect(log.produce('topic', records)).rejects.toMatchObject({ code: 'unavailable' });
  await end();
});
