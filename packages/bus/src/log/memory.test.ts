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

test('what a consumer has in hand is given to no other before it is done', async () => {
  const log = new MemoryLog<number>(clock);
  let finish = () => {};
  const seen: string[] = [];
  const slow = await log.consume('topic', 'group', async (records) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    seen.push(...records.map(({ key, value }) => `slow ${key}${value}`));
  });
  const produceAll = (value: number) =>
    log.produce(
      'topic',
      [...'abcdefgh'].map((key) => ({ key, value })),
    );
  await produceAll(1);
  await clock.pass(1);
  const quick = await log.consume('topic', 'group', async (records) => {
    seen.push(...records.map(({ key, value }) => `quick ${key}${value}`));
  });
  await produceAll(2);
  await clock.pass(1_000);
  expect(seen).toEqual([]);
  finish();
  await clock.pass(1);
  expect(seen.filter((one) => one.endsWith('1'))).toHaveLength(8);
  const taken = seen.filter((one) => one.startsWith('quick'));
  expect(taken.length).toBeGreaterThan(0);
  expect(taken.every((one) => one.endsWith('2'))).toBe(true);
  finish();
  await Promise.all([slow(), quick()]);
});
