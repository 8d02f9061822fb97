import { systemClock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { redisOfTests } from '@tidings/redis/testing/redis';
import type { Redis } from 'ioredis';
import { afterAll, expect, test, vi } from 'vitest';
import { openSqliteStoresInProcess } from '../sqlite/stores.ts';
import { range, someUser } from '../testing/make.ts';
import { heldTimers } from '../testing/timers.ts';
import { describeLastSeenStore } from './contract.ts';
import type { LastSeenStore } from './port.ts';
import { RedisLastSeenStore } from './redis.ts';

const { prefix, connect, connectThroughProxy, forgetEverything } = redisOfTests('cache');

const stores = openSqliteStoresInProcess(':memory:', systemClock);
afterAll(() => stores.stop());
const behind: LastSeenStore = stores.lastSeen;

let current: RedisLastSeenStore | null = null;
async function reopen() {
  await current?.stop();
  current = new RedisLastSeenStore({ redis: await connect(), clock: systemClock, behind, prefix });
  return current;
}
describeLastSeenStore('Redis', { open: reopen, reopen });

describeLastSeenStore('a Redis that forgets', {
  open: reopen,
  async reopen() {
    await current?.stop();
    await forgetEverything();
    return reopen();
  },
});

/** Processes on one Redis and one store behind, whose write-behind runs when the test says so. */
function processes() {
  const touch = vi.fn(behind.touch.bind(behind));
  const read = vi.fn(behind.read.bind(behind));
  const timers = heldTimers();
  const begin = (redis: Redis) =>
    new RedisLastSeenStore({ redis, clock: timers.clock, behind: { touch, read }, prefix });
  return { touch, read, timers, begin };
}

test('PRES1 touches of many processes within 15 s are one write of the newest', async () => {
  const { touch, timers, begin } = processes();
  const [one, two, user] = [begin(await connect()), begin(await connect()), someUser()];
  await one.touch(user, 1_000);
  await two.touch(user, 3_000);
  await one.touch(user, 2_000);
  expect(await one.read([user])).toEqual([3_000]);
  expect(timers.pending()).toEqual([15_000]);
  await Promise.all([one.drain(), two.drain()]);
  expect(touch.mock.calls).toEqual([[user, 3_000]]);
  await two.touch(user, 4_000);
  await Promise.all([one.drain(), two.drain()]);
  expect(touch.mock.calls.slice(1)).toEqual([[user, 4_000]]);
});

test('PRES1 what can’t be written behind is kept and tried again', async () => {
  const { touch, timers, begin } = processes();
  const [store, user] = [begin(await connect()), someUser()];
  await store.touch(user, 1_000);
  touch.mockRejectedValueOnce(new TidingsError('unavailable'));
  await store.drain();
  expect(await behind.read([user])).toEqual([null]);
  timers.run();
  await vi.waitFor(async () => expect(await behind.read([user])).toEqual([1_000]));
});

test('PRES1 time doesn’t go back by a machine whose clock is late, even where Redis forgot', async () => {
  const { begin } = processes();
  const [store, user] = [begin(await connect()), someUser()];
  await behind.touch(user, 9_000);
  await store.touch(user, 5_000);
  expect(await store.read([user])).toEqual([9_000]);
});

test('PRES1 what Redis evicted before it was written is written all the same, and known again', async () => {
  const { begin } = processes();
  const [redis, user] = [await connect(), someUser()];
  const [store, other] = [begin(redis), begin(redis)];
  await behind.touch(user, 1_000);
  await store.touch(user, 2_000);
  await redis.del(`${prefix}${user}`);
  await vi.waitFor(async () => {
    expect(await other.read([user])).toEqual([1_000]);
    expect(await redis.get(`${prefix}${user}`)).toBe('1000');
  });
  await store.drain();
  expect(await behind.read([user])).toEqual([2_000]);
  expect(await other.read([user])).toEqual([2_000]);
});

test('users of whom Redis knows nothing are read behind once, strangers as well', async () => {
  const { read, begin } = processes();
  const [redis, users] = [await connect(), range(1, 2_500).map(someUser)];
  const store = begin(redis);
  await behind.touch(users[7]!, 7_000);
  const expected = users.map((_, at) => (at === 7 ? 7_000 : null));
  expect(await store.read([...users, users[7]!])).toEqual([...expected, 7_000]);
  await vi.waitFor(async () => expect(await redis.exists(...keysOf(users))).toBe(2_500));
  expect(await store.read(users)).toEqual(expected);
  expect(read.mock.calls.map(([asked]) => asked)).toEqual([users]);
});

test('without Redis touches are written behind and read from there', async () => {
  const { begin } = processes();
  const { proxy, redis } = await connectThroughProxy();
  const [store, user, known] = [begin(redis), someUser(), someUser()];
  await behind.touch(known, 1_000);
  proxy.cut();
  await store.touch(user, 2_000);
  expect(await store.read([user, known])).toEqual([2_000, 1_000]);
  await store.drain();
  expect(await behind.read([user])).toEqual([2_000]);
});

test('a store that was stopped has written everything, and passes on what comes late', async () => {
  const { begin } = processes();
  const [store, user] = [begin(await connect()), someUser()];
  await store.touch(user, 1_000);
  await store.stop();
  expect(await behind.read([user])).toEqual([1_000]);
  await store.stop();
  await store.touch(user, 2_000);
  await behind.read([user]).then((seen) => expect(seen).toEqual([2_000]));
});

const keysOf = (users: readonly string[]) => users.map((user) => `${prefix}${user}`);
