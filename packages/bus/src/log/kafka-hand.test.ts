import type { EachBatchPayload } from 'kafkajs';
import { expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { KafkaHand } from './kafka-hand.ts';
import type { LogRecord } from './port.ts';

type Handle = (records: readonly LogRecord<number>[]) => Promise<void>;

/** A batch in the hand of a consumer whose driver is the test. */
function inHand(handle: Handle, values: readonly unknown[] = [1, 2]) {
  const clock = new ManualClock();
  const trouble: unknown[] = [];
  const hand = new KafkaHand<number>({
    handle,
    clock,
    heartbeatMs: 1_000,
    onTrouble: (error) => trouble.push(error),
  });
  const resolved: string[] = [];
  const driver = { isRunning: true, heartbeats: 0, heartbeatError: null as Error | null };
  const payload = {
    batch: {
      messages: values.map((value, offset) => ({ key: 'key', value: String(value), offset: String(offset) })),
    },
    resolveOffset: (offset: string) => resolved.push(offset),
    isRunning: () => driver.isRunning,
    async heartbeat() {
      driver.heartbeats += 1;
      if (driver.heartbeatError) throw driver.heartbeatError;
    },
  } as unknown as EachBatchPayload;
  return { clock, hand, driver, resolved, trouble, payload };
}
const rebalancing = Object.assign(new Error('rebalancing'), { type: 'REBALANCE_IN_PROGRESS' });
const never = () => new Promise<void>(() => {});

test('what was handled is resolved, 500 records at a time', async () => {
  const sizes: number[] = [];
  const values = Array.from({ length: 1_200 }, (_, n) => n);
  const { hand, payload, resolved } = inHand(async (records) => void sizes.push(records.length), values);
  await hand.take(payload);
  expect(sizes).toEqual([500, 500, 200]);
  expect(resolved).toEqual(['499', '999', '1199']);
});

test('what is rejected is handed over after 100 ms, then ever more seldom, up to 5 s', async () => {
  const times: number[] = [];
  const { clock, hand, payload, resolved } = inHand(async () => {
    times.push(clock.now());
    throw new Error('not now');
  });
  const taken = hand.take(payload);
  await clock.pass(20_000);
  expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual([
    100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000,
  ]);
  hand.stop();
  await taken;
  expect(resolved).toEqual([]);
});

test('the broker hears of a member that has something in hand', async () => {
  const { clock, hand, payload, driver } = inHand(never);
  void hand.take(payload);
  await clock.pass(3_500);
  expect(driver.heartbeats).toBe(3);
});

test('a heartbeat that fails for another reason may succeed again', async () => {
  const { clock, hand, payload, driver } = inHand(never);
  void hand.take(payload);
  driver.heartbeatError = new Error('no connection');
  await clock.pass(2_500);
  driver.heartbeatError = null;
  await clock.pass(1_000);
  expect(driver.heartbeats).toBe(3);
});

test('whoever lost the partitions hands nothing over until they joined again', async () => {
  let calls = 0;
  const { clock, hand, payload, driver, resolved } = inHand(async () => {
    calls += 1;
    if (calls < 7) throw new Error('not now');
  });
  const lost = hand.take(payload).catch((error: unknown) => error);
  driver.heartbeatError = rebalancing;
  await clock.pass(1_500);
  expect(await lost).toBe(rebalancing);
  const before = calls;
  await expect(hand.take(payload)).rejects.toBe(rebalancing);
  expect(calls).toBe(before);
  driver.heartbeatError = null;
  hand.joined();
  const taken = hand.take(payload);
  await clock.pass(30_000);
  await taken;
  expect(resolved).toEqual(['1']);
});

test('what was handled while the partitions went is resolved all the same', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { clock, hand, payload, driver, resolved } = inHand(() => promise);
  const taken = hand.take(payload);
  driver.heartbeatError = rebalancing;
  await clock.pass(1_500);
  resolve();
  await taken;
  expect(resolved).toEqual(['1']);
});

test('a driver that stopped is handed nothing back', async () => {
  const { hand, payload, driver, resolved } = inHand(async () => {});
  driver.isRunning = false;
  await hand.take(payload);
  expect(resolved).toEqual([]);
});

test('a batch of which nothing can be read is done', async () => {
  let calls = 0;
  const { hand, payload, resolved, trouble } = inHand(async () => {
    calls += 1;
  }, ['{', '[']);
  await hand.take(payload);
  expect([calls, resolved, trouble.length]).toEqual([0, ['1'], 2]);
});
