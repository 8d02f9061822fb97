import { secureId } from '@tidings/api/clock';
import { groupId, seq } from '@tidings/api/ids';
import { closeRedis } from '@tidings/redis/connection';
import { cut, redisOfTests } from '@tidings/redis/testing/redis';
import { expect, test, vi } from 'vitest';
import { describeSequencer } from './contract.ts';
import { RedisSequencer } from './redis.ts';

const { prefix, connect, forgetEverything } = redisOfTests();
const open = async () => new RedisSequencer(await connect(), { prefix });
const someGroup = () => groupId(secureId());

describeSequencer('Redis', { open });

test('LOG3 a Redis that lost everything knows nothing, until it is seeded from the head', async () => {
  const [sequencer, chat] = [await open(), someGroup()];
  await sequencer.seed(chat, seq(10));
  await sequencer.next(chat, 3);
  await forgetEverything();
  expect(await sequencer.next(chat, 1)).toBeNull();
  await sequencer.seed(chat, seq(13));
  expect(await sequencer.next(chat, 1)).toBe(14);
});

test('LOG3 two processes that race get no position twice, however they seed', async () => {
  const [one, two, chat] = [await open(), await open(), someGroup()];
  await one.seed(chat, seq(5));
  const rounds = Array.from({ length: 100 }, (_, n) =>
    Promise.all([one.next(chat, 2), (n % 2 ? one : two).seed(chat, seq(n)), two.next(chat, 2)]),
  );
  const firsts = (await Promise.all(rounds)).flatMap(([a, , b]) => [Number(a), Number(b)]);
  const positions = firsts.flatMap((first) => [first, first + 1]);
  expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, n) => n + 6));
});

test('a conversation that rests is forgotten, one in use is not', async () => {
  const [redis, chat] = [await connect(), someGroup()];
  const sequencer = new RedisSequencer(redis, { prefix, idleMs: 60_000 });
  await sequencer.seed(chat, seq(1));
  await redis.pexpire(prefix + chat, 1_000);
  await sequencer.next(chat, 1);
  expect(await redis.pttl(prefix + chat)).toBeGreaterThan(1_000);
  await redis.pexpire(prefix + chat, 1_000);
  await sequencer.seed(chat, seq(1));
  expect(await redis.pttl(prefix + chat)).toBeGreaterThan(1_000);
  await redis.pexpire(prefix + chat, 1);
  await vi.waitFor(async () => expect(await redis.exists(prefix + chat)).toBe(0));
  expect(await sequencer.next(chat, 1)).toBeNull();
});

test('scripts that Redis forgot are sent again', async () => {
  const [redis, chat] = [await connect(), someGroup()];
  const sequencer = new RedisSequencer(redis, { prefix });
  await sequencer.seed(chat, seq(1));
  await redis.script('FLUSH');
  expect(await sequencer.next(chat, 1)).toBe(2);
});

test('without a connection it is unavailable at once, and works when there is one again', async () => {
  const [redis, other, chat] = [await connect(), await connect(), someGroup()];
  const sequencer = new RedisSequencer(redis, { prefix });
  await sequencer.seed(chat, seq(1));
  const closed = new Promise((resolve) => redis.once('close', resolve));
  await cut(redis, other);
  await closed;
  await expect(sequencer.next(chat, 1)).rejects.toMatchObject({ code: 'unavailable' });
  await vi.waitFor(async () => expect(await sequencer.next(chat, 1)).toBe(2));
});

test('a sequencer whose connection was closed for good stays unavailable', async () => {
  const redis = await connect();
  const sequencer = new RedisSequencer(redis, { prefix });
  await closeRedis(redis);
  await expect(sequencer.seed(someGroup(), seq(1))).rejects.toMatchObject({ code: 'unavailable' });
});
