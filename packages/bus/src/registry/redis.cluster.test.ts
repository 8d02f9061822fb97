import type { HandlerId, UserId } from '@tidings/api/ids';
import { cut, pass, redisOfTests } from '@tidings/redis/testing/redis';
import { expect, test, vi } from 'vitest';
import { someDevice, someHandler, someUser } from '../testing/setting.ts';
import { describeRegistry } from './contract.ts';
import type { Connection } from './port.ts';
import { RedisRegistry } from './redis.ts';

const { prefix, connect, keys, forgetEverything } = redisOfTests();
const open = async () => new RedisRegistry(await connect(), prefix);
const longMs = 600_000;

describeRegistry('Redis', { open, pass });

const connection = (user: UserId): Connection => ({ user, device: someDevice() });
const handlersOf = async (registry: RedisRegistry, user: UserId) => (await registry.handlersOf([user]))[0];

/** A handler with a user, registered through a connection of their own. */
async function someone(leaseMs = longMs) {
  const redis = await connect();
  const [registry, handler, phone] = [
    new RedisRegistry(redis, prefix),
    someHandler(),
    connection(someUser()),
  ];
  await registry.renew(handler, leaseMs);
  await registry.register(handler, [phone]);
  return { redis, registry, handler, phone };
}

test('INV10 a Redis that lost everything says so at the next renewal, so that everybody is registered again', async () => {
  const { registry, handler, phone } = await someone();
  await forgetEverything();
  expect(await handlersOf(registry, phone.user)).toEqual([]);
  expect(await registry.renew(handler, longMs)).toBe(false);
  await registry.register(handler, [phone]);
  expect(await handlersOf(registry, phone.user)).toEqual([handler]);
  expect(await registry.renew(handler, longMs)).toBe(true);
});

test('INV10 so does one that lost only the last that it was told, as a replica that takes over may', async () => {
  const { redis, registry, handler, phone } = await someone();
  const older = await dump(redis);
  await registry.register(handler, [connection(someUser())]);
  await restore(redis, older);
  expect(await registry.renew(handler, longMs)).toBe(false);
  expect(await handlersOf(registry, phone.user)).toEqual([]);
  await registry.register(handler, [phone]);
  expect(await registry.renew(handler, longMs)).toBe(true);
});

test('INV10 a handler that slept through its lease is dead to the others, and finds that out', async () => {
  const [{ registry, handler, phone }, other] = [await someone(300), await open()];
  expect(await handlersOf(other, phone.user)).toEqual([handler]);
  await vi.waitFor(async () => expect(await handlersOf(other, phone.user)).toEqual([]));
  await registry.register(handler, [connection(phone.user)]);
  expect(await handlersOf(other, phone.user)).toEqual([]);
  expect(await registry.renew(handler, longMs)).toBe(false);
  expect(await handlersOf(other, phone.user)).toEqual([]);
});

test('two processes that register the same user at once are both found, until each goes', async () => {
  const [one, two, user] = [await someone(), await someone(), someUser()];
  const phones = Array.from({ length: 50 }, () => connection(user));
  await Promise.all(
    phones.flatMap((phone) => [
      one.registry.register(one.handler, [phone]),
      two.registry.register(two.handler, [phone]),
    ]),
  );
  expect(sorted(await handlersOf(one.registry, user))).toEqual(sorted([one.handler, two.handler]));
  await Promise.all([
    one.registry.unregister(one.handler, phones),
    two.registry.unregister(two.handler, phones.slice(1)),
  ]);
  expect(await handlersOf(one.registry, user)).toEqual([two.handler]);
  await two.registry.leave(two.handler);
  expect(await handlersOf(one.registry, user)).toEqual([]);
});

test('more users than one step takes are looked up and registered as well', async () => {
  const { registry, handler } = await someone();
  const users = Array.from({ length: 5_000 }, someUser);
  await registry.register(handler, users.map(connection));
  const found = await registry.handlersOf([...users, someUser()]);
  expect(found).toEqual([...users.map(() => [handler]), []]);
  expect(await registry.renew(handler, longMs)).toBe(true);
});

test('what dead handlers left is collected by those that live', async () => {
  await forgetEverything();
  const { redis, registry, handler, phone } = await someone();
  const [left, expired] = [someHandler(), someHandler()];
  const dying = await open();
  for (const [one, leaseMs] of [
    [left, longMs],
    [expired, 200],
  ] as const) {
    await dying.renew(one, leaseMs);
    await dying.register(
      one,
      Array.from({ length: 3_000 }, () => connection(someUser())),
    );
    await dying.register(one, [connection(phone.user)]);
  }
  await dying.leave(left);
  await vi.waitFor(async () => {
    expect(await registry.renew(handler, longMs)).toBe(true);
    const kept = ['connections:', 'deadlines', 'epochs', 'handler:', 'lease:', 'user:'];
    expect((await keys(redis)).map(kindOf).sort()).toEqual(kept);
  });
  expect(await handlersOf(registry, phone.user)).toEqual([handler]);
});

test('a cut connection is unavailable at once, and what was registered is there when it is back', async () => {
  const [{ redis, registry, handler, phone }, other] = [await someone(), await connect()];
  const closed = new Promise((resolve) => redis.once('close', resolve));
  await cut(redis, other);
  await closed;
  await expect(registry.handlersOf([phone.user])).rejects.toMatchObject({ code: 'unavailable' });
  await vi.waitFor(async () => expect(await registry.renew(handler, longMs)).toBe(true));
  expect(await handlersOf(registry, phone.user)).toEqual([handler]);
});

test('INV10 a registration that failed is noticed by the next renewal', async () => {
  const [{ redis, registry, handler, phone }, other] = [await someone(), await connect()];
  const closed = new Promise((resolve) => redis.once('close', resolve));
  await cut(redis, other);
  await closed;
  await expect(registry.register(handler, [phone])).rejects.toMatchObject({ code: 'unavailable' });
  await new Promise((resolve) => redis.once('ready', resolve));
  expect(await registry.renew(handler, longMs)).toBe(false);
});

const sorted = (handlers: readonly HandlerId[] | undefined) => [...(handlers ?? [])].sort();
const kindOf = (key: string) => key.slice(prefix.length).replace(/:.*/, ':');

type Snapshot = readonly (readonly [key: string, value: Buffer, ttl: number])[];

async function dump(redis: Awaited<ReturnType<typeof connect>>): Promise<Snapshot> {
  return Promise.all(
    (await keys(redis)).map(
      async (key) => [key, await redis.dumpBuffer(key), Math.max(0, await redis.pttl(key))] as const,
    ),
  );
}

async function restore(redis: Awaited<ReturnType<typeof connect>>, snapshot: Snapshot): Promise<void> {
  await forgetEverything();
  for (const [key, value, ttl] of snapshot) await redis.restore(key, ttl, value);
}
