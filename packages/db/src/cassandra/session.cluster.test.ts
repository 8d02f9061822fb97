import { createServer } from 'node:net';
import { directId, seq, userId } from '@tidings/api/ids';
import { Client } from 'cassandra-driver';
import { expect, test, vi } from 'vitest';
import { sessionFor, sessionOverProxy, someKeyspace, testKeyspace } from '../testing/cassandra-keyspace.ts';
import { range } from '../testing/make.ts';
import { CassandraSession } from './session.ts';
import { openCassandraStores } from './stores.ts';

const keyspace = testKeyspace('last-seen', 'messages', 'watermarks', 'account-states', 'pictures');
const select = 'SELECT at FROM last_seen WHERE user = ?';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('WIRE2 where nobody listens it is unavailable', async () => {
  const nowhere = { ...keyspace, contactPoints: [`127.0.0.1:${await freePort()}`] };
  await expect(CassandraSession.open(nowhere)).rejects.toMatchObject({ code: 'unavailable' });
});

test('WIRE2 a keyspace that was never made is a mistake, not an outage', async () => {
  await expect(CassandraSession.open(someKeyspace())).rejects.toMatchObject({ code: 'internal' });
});

test('WIRE2 a wrong statement is a mistake, and isn’t tried again', async () => {
  const session = await sessionFor(keyspace);
  const execute = vi.spyOn(Client.prototype, 'execute');
  await expect(session.read('SELECT nothing FROM nowhere', [])).rejects.toMatchObject({ code: 'internal' });
  expect(execute).toHaveBeenCalledTimes(1);
  execute.mockRestore();
});

test('WIRE2 every operation of every store is unavailable when the line is cut', async () => {
  const { line } = await sessionOverProxy(keyspace);
  const near = { ...keyspace, contactPoints: [`127.0.0.1:${line.port}`] };
  const stores = await openCassandraStores(near);
  try {
    await stores.ping();
    line.cut();
    const [anna, ben] = [userId('anna-of-tests'), userId('ben-of-tests')];
    const chat = directId(anna, ben);
    const span = { conversation: chat, first: seq(1), last: seq(9), from: 'oldest', limit: 9 } as const;
    const mark = { conversation: chat, user: anna, delivered: seq(1), read: seq(1), at: 1 };
    const { messages, watermarks, accountStates, lastSeen, pictures } = stores;
    const entry = { conversationId: chat, seq: seq(1), kind: 'void', sender: anna, sentAt: 1, content: '' };
    for (const operation of [
      () => stores.ping(),
      () => messages.append([entry]),
      () => messages.append([{ ...entry, seq: seq(4_096), target: seq(1) }]),
      () => messages.read([span]),
      () => messages.heads([chat]),
      () => messages.effects(chat, seq(1), seq(9), 9),
      () => messages.countUnread([{ conversation: chat, reader: anna, after: seq(0), upTo: seq(9) }], 9),
      () => messages.redact(chat, seq(1)),
      () => messages.dropBuckets(chat, seq(9_999)),
      () => watermarks.advance([mark]),
      () => watermarks.ofUser(anna, [chat]),
      () => watermarks.ofConversations([chat]),
      () => watermarks.timesAt(chat, seq(1)),
      () => accountStates.read(anna, '', 9),
      () => accountStates.apply(anna, [{ key: 'a', value: 1, seq: seq(1) }], seq(1)),
      () => lastSeen.touch(anna, 1),
      () => lastSeen.read([anna]),
      () => pictures.put(new Uint8Array([1])),
    ])
      await expect(operation()).rejects.toMatchObject({ code: 'unavailable' });
  } finally {
    await stores.stop();
  }
});

test('a line that comes back is used again, by itself', async () => {
  const { session, line } = await sessionOverProxy({ ...keyspace, requestTimeoutMs: 500 });
  line.loseAnswers();
  await expect(session.read(select, ['nobody'])).rejects.toMatchObject({ code: 'unavailable' });
  line.heal();
  await vi.waitFor(async () => expect(await session.read(select, ['nobody'])).toEqual([]), {
    timeout: 20_000,
  });
});

test('no more requests than allowed are under way at once, and none is lost', async () => {
  const session = await CassandraSession.open({ ...keyspace, maxInFlight: 3 });
  let [underWay, most] = [0, 0];
  const execute = Client.prototype.execute;
  const spy = vi.spyOn(Client.prototype, 'execute').mockImplementation(async function (
    this: Client,
    ...given
  ) {
    underWay += 1;
    most = Math.max(most, underWay);
    try {
      return await (execute as (...parameters: unknown[]) => Promise<never>).apply(this, given);
    } finally {
      underWay -= 1;
    }
  });
  try {
    const users = range(1, 100).map((n) => `user-${n}`);
    expect(await Promise.all(users.map((user) => session.read(select, [user])))).toHaveLength(100);
    expect(most).toBe(3);
  } finally {
    spy.mockRestore();
    await session.stop();
  }
});

test('a conditional write doesn’t wait behind reads', async () => {
  const session = await CassandraSession.open({ ...keyspace, maxInFlight: 1 });
  const answered = Promise.withResolvers<void>();
  const execute = Client.prototype.execute;
  const spy = vi.spyOn(Client.prototype, 'execute').mockImplementation(async function (
    this: Client,
    ...given
  ) {
    if (given[0] === select) await answered.promise;
    return (execute as (...parameters: unknown[]) => Promise<never>).apply(this, given);
  });
  try {
    const reads = Promise.all(range(1, 10).map((n) => session.read(select, [`user-${n}`])));
    const insert = 'INSERT INTO last_seen (user, at) VALUES (?, ?) IF NOT EXISTS';
    const decision = session.decide([{ query: insert, params: ['somebody-new', 1] }]);
    expect(await decision).toEqual({ applied: true });
    answered.resolve();
    expect(await reads).toHaveLength(10);
  } finally {
    spy.mockRestore();
    await session.stop();
  }
});

test('pages are fetched only as far as rows are asked for', async () => {
  const session = await sessionFor(keyspace);
  const write = 'UPDATE account_item USING TIMESTAMP 1 SET value = ? WHERE user = ? AND key = ?';
  await session.write(range(1, 50).map((n) => ({ query: write, params: ['1', 'anna', `key-${n}`] })));
  const execute = vi.spyOn(Client.prototype, 'execute');
  let seen = 0;
  for await (const _ of session.rows('SELECT key FROM account_item WHERE user = ?', ['anna'], 10)) {
    seen += 1;
    if (seen === 15) break;
  }
  expect(execute).toHaveBeenCalledTimes(2);
  execute.mockRestore();
});
