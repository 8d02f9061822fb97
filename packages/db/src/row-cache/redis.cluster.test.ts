import { secureId } from '@tidings/api/clock';
import { cut, redisOfTests } from '@tidings/redis/testing/redis';
import { expect, test, vi } from 'vitest';
import { describeRowCache } from './contract.ts';
import type { RowCache } from './port.ts';
import { RedisRowCache } from './redis.ts';

const { prefix, connect, forgetEverything } = redisOfTests('cache');
const open = async ({ maxStaleMs = 60_000 } = {}) =>
  new RedisRowCache({ redis: await connect(), prefix, maxStaleMs });

describeRowCache('Redis', open);

async function kept(cache: RowCache): Promise<string> {
  const key = secureId();
  const [answer] = await cache.read([key]);
  if (!answer || answer.row !== null || answer.lease === null) throw new Error('no lease');
  await cache.fill([{ key, row: 'row', lease: answer.lease }]);
  return key;
}

test('a row is gone when the bound is over, however late in its lease it was filled', async () => {
  const redis = await connect();
  const key = await kept(new RedisRowCache({ redis, prefix, maxStaleMs: 10_000 }));
  expect(await redis.pttl(prefix + key)).toBeLessThanOrEqual(8_000);
});

test('after a change nobody may fill for a while: a replica that lags would bring the old row back', async () => {
  const [redis, cache] = [await connect(), await open()];
  const key = await kept(cache);
  await cache.invalidate([key]);
  expect(await cache.read([key])).toEqual([{ row: null, lease: null }]);
  expect(await redis.pttl(prefix + key)).toBeGreaterThan(2_000);
  await redis.pexpire(prefix + key, 1);
  await vi.waitFor(async () =>
    expect(await cache.read([key])).toEqual([{ row: null, lease: expect.any(String) }]),
  );
});

test('a change in one process is seen by another that was about to fill', async () => {
  const [one, two, key] = [await open(), await open(), secureId()];
  const [answer] = await one.read([key]);
  await two.invalidate([key]);
  await one.fill([{ key, row: 'old', lease: (answer as { lease: string }).lease }]);
  expect(await two.read([key])).toEqual([{ row: null, lease: null }]);
});

test('more rows than one step takes', async () => {
  const [cache, keys] = [await open(), Array.from({ length: 1_200 }, secureId)];
  const leased = await cache.read(keys);
  await cache.fill(
    keys.map((key, at) => ({ key, row: `row of ${key}`, lease: (leased[at] as { lease: string }).lease })),
  );
  expect(await cache.read(keys)).toEqual(keys.map((key) => ({ row: `row of ${key}` })));
  await cache.invalidate(keys);
  expect((await cache.read(keys)).every(({ row }) => row === null)).toBe(true);
});

test('a Redis that lost everything has no rows, and is filled again', async () => {
  const cache = await open();
  const key = await kept(cache);
  await forgetEverything();
  expect(await cache.read([key])).toEqual([{ row: null, lease: expect.any(String) }]);
});

test('without a connection it is unavailable', async () => {
  const [redis, other] = [await connect(), await connect()];
  const cache = new RedisRowCache({ redis, prefix, maxStaleMs: 10_000 });
  const key = await kept(cache);
  const closed = new Promise((resolve) => redis.once('close', resolve));
  await cut(redis, other);
  await closed;
  await expect(cache.read([key])).rejects.toMatchObject({ code: 'unavailable' });
  await vi.waitFor(async () => expect(await cache.read([key])).toEqual([{ row: 'row' }]));
});
