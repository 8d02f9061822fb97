import { type TcpProxy, tcpProxy } from '@tidings/redis/testing/tcp-proxy';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { TestCluster } from '../testing/test-cluster.ts';
import type { TestDevice } from '../testing/test-device.ts';

// Several processes that start, and wait for each other, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let cluster: TestCluster;
afterEach(() => cluster[Symbol.asyncDispose]());

const send = (device: TestDevice, conversationId: string, id: string) =>
  device.engine.api.message.send.mutate({
    messages: [
      {
        conversationId: conversationId as never,
        clientId: `client-id-${id}` as never,
        kind: 'message',
        content: JSON.stringify({ type: 'text', text: id }),
      },
    ],
  });

describe('the group message handler', () => {
  test('INV2 that is killed leaves its groups to another, and nobody sees anything twice', async () => {
    cluster = await TestCluster.start({ handlers: 2, groupHandlers: 2 });
    const [anna, ben] = [await cluster.person('anna', 0), await cluster.person('ben', 1)];
    const groups = [await anna.group(ben), await anna.group(ben), await anna.group(ben)];
    const count = 20;
    for (let at = 1; at <= count; at += 1) {
      for (const group of groups) await anna.say(group, `message ${at}`);
      // In the middle of what it has in hand: whoever takes over handles that again.
      if (at === count / 2) await cluster.groupHandlers[0]?.kill('SIGKILL');
    }
    for (const group of groups) await ben.hears(group, `message ${count}`);
    const said = Array.from({ length: count }, (_, at) => `message ${at + 1}`);
    for (const group of groups) expect(await ben.texts(group)).toEqual(said);
  });

  test('SYNC8 that isn’t there costs time, not messages', async () => {
    cluster = await TestCluster.start({ handlers: 2, groupHandlers: 0 });
    const [anna, ben] = [await cluster.person('anna', 0), await cluster.person('ben', 1)];
    const group = await anna.group(ben);
    // Ben reads this one by himself, when he learns of the group.
    await anna.say(group, 'the first');
    await ben.hears(group, 'the first');
    const metric = async (name: string) => (await cluster.handlers[0]?.metric(name)) ?? 0;
    const owed = () => metric('tidings_redelivery_conversations');
    await expect.poll(owed, { timeout: 60_000 }).toBe(0);
    const before = await metric('tidings_redelivery_pushes_total');
    await anna.say(group, 'nobody brings this');
    await ben.hears(group, 'nobody brings this');
    expect(await metric('tidings_redelivery_pushes_total')).toBeGreaterThan(before);
  });
});

/** The cluster behind lines to its engines that the test can cut. */
async function startBehindProxies(): Promise<Record<'cassandra' | 'mysql' | 'redis', TcpProxy>> {
  const engines = inject('engines');
  const to = (url: string) => tcpProxy({ host: new URL(url).hostname, port: Number(new URL(url).port) });
  const proxies = {
    cassandra: await to(`tcp://${engines.cassandra.contactPoints[0]}`),
    mysql: await to(engines.mysql.primary),
    redis: await to(engines.redis.coordination),
  };
  const through = (url: string, { port }: TcpProxy) => {
    const address = new URL(url);
    address.host = `127.0.0.1:${port}`;
    return address.href;
  };
  cluster = await TestCluster.start({
    handlers: 2,
    groupHandlers: 1,
    settings: (environment) => ({
      CASSANDRA_CONTACT_POINTS: `127.0.0.1:${proxies.cassandra.port}`,
      REDIS_URL: through(environment.REDIS_URL as string, proxies.redis),
      DATABASE_URL: through(environment.DATABASE_URL as string, proxies.mysql),
    }),
  });
  return proxies;
}

const readinessOf = async (url: string) =>
  (await (await fetch(`${url}/readyz`)).json()) as { status: string; engines: Record<string, string> };

describe('an engine that is away', () => {
  test('is a typed error or nothing at all; each process says it once, and goes on when it is back', async () => {
    const proxies = await startBehindProxies();
    const [anna, ben] = [await cluster.person('anna', 0), await cluster.person('ben', 1)];
    const chat = await anna.open(ben);
    const group = await anna.group(ben);
    for (const id of [chat, group]) {
      await anna.say(id, 'before');
      await ben.hears(id, 'before');
    }
    const [handler] = cluster.handlers;
    const url = handler?.url ?? '';

    // Without the logs nothing is accepted, and it is said how.
    proxies.cassandra.cut();
    await expect
      .poll(() => send(anna, chat, 'refused'), { timeout: 60_000 })
      .toMatchObject([{ error: 'unavailable' }]);
    await expect
      .poll(() => readinessOf(url), { timeout: 60_000 })
      .toMatchObject({
        status: 'waiting',
        engines: { cassandra: 'down', mysql: 'up' },
      });
    await anna.say(chat, 'kept in the outbox');
    proxies.cassandra.heal();
    await ben.hears(chat, 'kept in the outbox');

    // Without the registry and the channel a message is accepted all the same, and comes later.
    proxies.redis.cut();
    await expect
      .poll(() => readinessOf(url), { timeout: 60_000 })
      .toMatchObject({ engines: { redis: 'down' } });
    const [placed] = await send(anna, chat, 'accepted');
    expect(placed).toMatchObject({ seq: expect.any(Number) });
    proxies.redis.heal();
    await ben.hears(chat, 'accepted');

    // Without the directory people go on where it is known who is in; nothing is changed.
    proxies.mysql.cut();
    await expect
      .poll(() => readinessOf(url), { timeout: 60_000 })
      .toMatchObject({ engines: { mysql: 'down' } });
    for (const id of [chat, group]) {
      await anna.say(id, 'without the directory');
      await ben.hears(id, 'without the directory');
    }
    const change = anna.engine.api.group.update.mutate({ conversationId: group, name: 'Renamed' });
    await expect(change).rejects.toMatchObject({ code: 'unavailable' });
    proxies.mysql.heal();
    await expect.poll(() => readinessOf(url), { timeout: 60_000 }).toMatchObject({ status: 'ready' });
    await anna.engine.api.group.update.mutate({ conversationId: group, name: 'Renamed' });
    await ben.until(async () => (await ben.conversation(group))?.group?.name === 'Renamed');

    for (const engine of ['cassandra', 'mysql', 'redis']) {
      const said = handler?.log().filter((line) => line.engine === engine) ?? [];
      const changes = ['an engine does not answer', 'an engine answers again'];
      expect(said.length).toBeGreaterThanOrEqual(2);
      expect(said.map(({ msg }) => msg)).toEqual(said.map((_, at) => changes[at % 2]));
    }
    const processes = [...cluster.handlers, ...cluster.groupHandlers, cluster.web];
    expect(processes.map(({ isRunning }) => isRunning)).toEqual(processes.map(() => true));
    for (const each of processes) expect(each.log().filter(({ level }) => level >= 60)).toEqual([]);
  });
});
