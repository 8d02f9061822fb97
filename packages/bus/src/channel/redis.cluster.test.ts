import { systemClock } from '@tidings/api/clock';
import type { HandlerId } from '@tidings/api/ids';
import { cut, pass, redisOfTests } from '@tidings/redis/testing/redis';
import type { Redis } from 'ioredis';
import { afterAll, expect, test, vi } from 'vitest';
import { someHandler } from '../testing/setting.ts';
import { describeChannel } from './contract.ts';
import { RedisChannel } from './redis.ts';

const { prefix, connect, connectThroughProxy } = redisOfTests();

const channels: RedisChannel<unknown>[] = [];
afterAll(async () => {
  await Promise.all(channels.map((channel) => channel.stop()));
});

function open(connections: { readonly publisher: Redis; readonly subscriber: Redis }) {
  const channel = new RedisChannel<unknown>({ clock: systemClock, prefix, ...connections });
  channels.push(channel);
  return channel;
}

/** What a process has. */
async function someProcess() {
  const connections = { publisher: await connect(), subscriber: await connect() };
  return { ...connections, channel: open(connections) };
}

describeChannel('Redis', { open: async () => (await someProcess()).channel, pass });

/** Two processes: one sends, the other listens. */
async function twoProcesses() {
  const [from, to, handler] = [await someProcess(), await someProcess(), someHandler()];
  const received: unknown[] = [];
  const missed = vi.fn();
  await to.channel.listen(handler, (envelopes) => received.push(...envelopes), missed);
  return { from, to, handler, received, missed };
}

const numbers = (count: number, first = 0) => Array.from({ length: count }, (_, n) => first + n);
const sendAll = (channel: RedisChannel<unknown>, handler: HandlerId, envelopes: readonly unknown[]) => {
  for (const envelope of envelopes) channel.send(handler, envelope);
};
const closing = (redis: Redis) => new Promise((resolve) => redis.once('close', resolve));

test('between two processes envelopes keep their order, over many ticks and publishes', async () => {
  const { from, handler, received } = await twoProcesses();
  for (let n = 0; n < 3_000; n += 1) {
    from.channel.send(handler, n);
    if (n % 100 === 0) await new Promise(setImmediate);
  }
  await vi.waitFor(() => expect(received).toHaveLength(3_000));
  expect(received).toEqual(numbers(3_000));
});

test('envelopes of a tick are one publish, and one for several handlers is encoded once', async () => {
  const { from, handler, received } = await twoProcesses();
  const publish = vi.spyOn(from.publisher, 'publish');
  let encoded = 0;
  const envelope = {
    toJSON: () => {
      encoded += 1;
      return 'hello';
    },
  };
  for (const one of [handler, someHandler(), someHandler()]) from.channel.send(one, envelope);
  sendAll(from.channel, handler, [1, 2]);
  await from.channel.drain();
  expect(publish).toHaveBeenCalledTimes(3);
  expect(encoded).toBe(1);
  await vi.waitFor(() => expect(received).toEqual(['hello', 1, 2]));
});

test('large envelopes travel apart, in order', async () => {
  const { from, handler, received } = await twoProcesses();
  const publish = vi.spyOn(from.publisher, 'publish');
  const large = numbers(30).map((n) => `${n}`.padEnd(90_000, '.'));
  sendAll(from.channel, handler, large);
  await vi.waitFor(() => expect(received).toHaveLength(30));
  expect(received).toEqual(large);
  expect(publish).toHaveBeenCalledTimes(3);
});

test('a listener whose connection was cut hears again, and is told that it may have missed something', async () => {
  const { from, to, handler, received, missed } = await twoProcesses();
  expect(missed).not.toHaveBeenCalled();
  const closed = closing(to.subscriber);
  await cut(to.subscriber, from.publisher);
  await closed;
  let sent = 0;
  await vi.waitFor(() => {
    sent += 1;
    from.channel.send(handler, sent);
    expect(received.length).toBeGreaterThan(0);
  });
  await vi.waitFor(() => expect(received.at(-1)).toBe(sent));
  expect(received).toEqual(numbers(received.length, Number(received[0])));
  expect(missed).toHaveBeenCalledTimes(1);
});

test('while Redis is away envelopes wait, as many as the queue holds; the others are counted', async () => {
  const { from, to, handler, received } = await twoProcesses();
  const closed = closing(from.publisher);
  await cut(from.publisher, to.publisher);
  await closed;
  sendAll(from.channel, handler, numbers(10_010));
  expect(from.channel.dropped()).toBe(10);
  await from.channel.drain();
  await vi.waitFor(() => expect(received).toHaveLength(10_000));
  expect(received).toEqual(numbers(10_000, 10));
});

test('what was under way when the connection broke is counted as dropped, and not sent again', async () => {
  const { to, handler, received } = await twoProcesses();
  const { proxy, redis: publisher } = await connectThroughProxy();
  const channel = open({ publisher, subscriber: to.publisher });
  proxy.hold();
  sendAll(channel, handler, ['a', 'b']);
  await new Promise(setImmediate);
  const closed = closing(publisher);
  proxy.cut();
  await closed;
  channel.send(handler, 'c');
  await vi.waitFor(() => expect(channel.dropped()).toBe(2));
  proxy.heal();
  await vi.waitFor(() => expect(received).toEqual(['c']));
});

test('a line that is silently dead is replaced', async () => {
  const { from, handler } = await twoProcesses();
  const { proxy, redis: subscriber } = await connectThroughProxy();
  const channel = open({ publisher: from.publisher, subscriber });
  const received: unknown[] = [];
  await channel.listen(handler, (envelopes) => received.push(...envelopes));
  const closed = closing(subscriber);
  proxy.hold();
  await closed;
  proxy.heal();
  await vi.waitFor(
    () => {
      from.channel.send(handler, 'hello');
      expect(received).not.toEqual([]);
    },
    { timeout: 10_000 },
  );
});

test('without a connection nobody can begin to listen', async () => {
  const { to, from } = await twoProcesses();
  const closed = closing(to.subscriber);
  await cut(to.subscriber, from.publisher);
  await closed;
  await expect(to.channel.listen(someHandler(), () => {})).rejects.toMatchObject({ code: 'unavailable' });
});

test('nobody waits for ever for a Redis that is away', async () => {
  const { to, handler } = await twoProcesses();
  const { proxy, redis: publisher } = await connectThroughProxy();
  const channel = open({ publisher, subscriber: to.publisher });
  const closed = closing(publisher);
  proxy.cut();
  await closed;
  channel.send(handler, 'hello');
  await channel.drain();
  expect(publisher.status).not.toBe('ready');
});

test('a stopped channel is silent, and can be stopped again', async () => {
  const { from, to, handler, received } = await twoProcesses();
  await to.channel.stop();
  await to.channel.stop();
  await from.channel.stop();
  from.channel.send(handler, 'late');
  await from.channel.drain();
  expect(received).toEqual([]);
});
