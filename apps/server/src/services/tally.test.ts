import { type HandlerId, handlerId } from '@tidings/api/ids';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import { expect, test } from 'vitest';
import { Tally } from './tally.ts';

const here = handlerId('handler-here');
const there = handlerId('handler-there');

function tallies() {
  const clock = new ManualClock();
  const told: (readonly [HandlerId, number])[] = [];
  const sender = new Tally(clock, (to, count) => told.push([to, count]));
  const receiver = new Tally(clock, () => {});
  const push = (arrives: boolean) => {
    sender.sending(there);
    if (arrives) receiver.received(here);
  };
  const lost = () => receiver.lost(here, told.at(-1)?.[1] ?? 0);
  return { clock, told, sender, push, lost };
}

test('SYNC10 what was lost is noticed with the next count, and once', async () => {
  const { clock, told, push, lost } = tallies();
  push(true);
  push(false);
  push(false);
  await clock.pass(3_000);
  expect(told).toEqual([[there, 3]]);
  expect([lost(), lost()]).toEqual([2, 0]);
  push(true);
  await clock.pass(3_000);
  expect(lost()).toBe(0);
});

test('SYNC10 a count that was lost comes again, and again, and then no more', async () => {
  const { clock, told, push } = tallies();
  push(false);
  await clock.pass(120_000);
  expect(new Set(told.map(([, count]) => count))).toEqual(new Set([1]));
  expect(told.length).toBeGreaterThan(5);
  expect(told.length).toBeLessThanOrEqual(10);
});

test('SYNC10 who goes says how many it were', async () => {
  const { clock, told, sender, push } = tallies();
  push(false);
  sender.tellAll();
  sender.stop();
  await clock.pass(120_000);
  expect(told).toEqual([[there, 1]]);
});
