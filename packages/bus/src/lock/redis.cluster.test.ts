import { secureId, systemClock } from '@tidings/api/clock';
import { cut, pass, redisOfTests } from '@tidings/redis/testing/redis';
import { expect, test, vi } from 'vitest';
import { describeLocks } from './contract.ts';
import { RedisLocks } from './redis.ts';

const { prefix, connect } = redisOfTests();
const open = async () => new RedisLocks({ redis: await connect(), clock: systemClock, prefix });

describeLocks('Redis', { open, pass });

test('a holder whose name was lost is told', async () => {
  const [redis, name] = [await connect(), secureId()];
  const held = await new RedisLocks({ redis, clock: systemClock, prefix }).take(name);
  await redis.del(prefix + name);
  await vi.waitFor(() => expect(held.wanted.aborted).toBe(true), 5_000);
  const next = await (await open()).take(name);
  await held.release();
  expect(await redis.exists(prefix + name)).toBe(1);
  await next.release();
});

test('a name whose holder died is free when its lease has run out', async () => {
  const [redis, name] = [await connect(), secureId()];
  await redis.set(prefix + name, 'of a process that died', 'PX', 300);
  await (await (await open()).take(name)).release();
  expect(await redis.exists(prefix + name)).toBe(0);
});

test('without a connection it is unavailable at once', async () => {
  const [redis, other] = [await connect(), await connect()];
  const locks = new RedisLocks({ redis, clock: systemClock, prefix });
  const closed = new Promise((resolve) => redis.once('close', resolve));
  await cut(redis, other);
  await closed;
  await expect(locks.take(secureId())).rejects.toMatchObject({ code: 'unavailable' });
});
