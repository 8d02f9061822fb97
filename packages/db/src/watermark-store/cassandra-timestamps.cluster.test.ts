import { type ConversationId, seq, type UserId } from '@tidings/api/ids';
import { Client } from 'cassandra-driver';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { sessionFor, testKeyspace } from '../testing/cassandra-keyspace.ts';
import { range, someChat, someGroup, someUser } from '../testing/make.ts';
import { CassandraWatermarkStore } from './cassandra.ts';
import type { MarkUpdate, Watermark } from './port.ts';

const keyspace = testKeyspace('watermarks');

const someProcess = async () => new CassandraWatermarkStore(await sessionFor(keyspace));

const mark = (
  conversation: ConversationId,
  user: UserId,
  [delivered, read, at = 1]: readonly [number, number, number?],
): MarkUpdate => ({ conversation, user, delivered: seq(delivered), read: seq(read), at });

/** Their histories lie in different places. */
const layouts = [
  ['direct', someChat],
  ['group', someGroup],
] as const;

/** Processes that never heard of each other's marks write them; what is there in the end is the highest of each. */
test('INV5 marks of many processes, in any order and at once, come to stand at the highest', async () => {
  const anyMarks = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { minLength: 2, maxLength: 8 });
  const session = await sessionFor(keyspace);
  const property = fc.asyncProperty(anyMarks, fc.boolean(), async (marks, atOnce) => {
    const [chat, user] = [someChat(), someUser()];
    // Each a store of its own, that remembers nothing of the others.
    const advances = marks.map((pair) => () => {
      return new CassandraWatermarkStore(session).advance([mark(chat, user, pair)]);
    });
    if (atOnce) await Promise.all(advances.map((advance) => advance()));
    else for (const advance of advances) await advance();
    const read = Math.max(...marks.map((pair) => pair[1]));
    const delivered = Math.max(read, ...marks.map((pair) => pair[0]));
    expect(await new CassandraWatermarkStore(session).ofUser(user, [chat])).toMatchObject([
      { delivered, read },
    ]);
  });
  await fc.assert(property, { numRuns: 20 });
});

test('MARK1 the timestamp alone keeps the higher mark: a lower one that is written later changes nothing', async () => {
  const session = await sessionFor(keyspace);
  const [chat, user] = [someChat(), someUser()];
  const write = async (position: number) => {
    const params = [position, position, chat, user];
    await session.write([
      {
        query: 'UPDATE watermark USING TIMESTAMP ? SET delivered = ? WHERE conversation = ? AND user = ?',
        params,
      },
    ]);
  };
  const stored = async () =>
    (await new CassandraWatermarkStore(session).ofUser(user, [chat])).map(({ delivered }) => delivered);
  for (const [position, stands] of [
    [7, 7],
    [5, 7],
    [7, 7],
    [9, 9],
    [8, 9],
  ] as const) {
    await write(position);
    expect(await stored()).toEqual([stands]);
  }
});

test('INV5 nobody ever sees a read mark above the delivered one, or a mark that fell', async () => {
  const [writer, other, reader] = [await someProcess(), await someProcess(), await someProcess()];
  const [chat, user] = [someChat(), someUser()];
  const seen: Watermark[] = [];
  let isWriting = true;
  const watching = (async () => {
    while (isWriting) seen.push(...(await reader.ofUser(user, [chat])));
  })();
  for (const position of range(1, 60))
    await Promise.all([
      writer.advance([mark(chat, user, [0, position])]),
      other.advance([mark(chat, user, [position + 3, position - 1])]),
    ]);
  isWriting = false;
  await watching;
  for (const [at, { delivered, read }] of seen.entries()) {
    expect(read).toBeLessThanOrEqual(delivered);
    expect(delivered).toBeGreaterThanOrEqual(seen[at - 1]?.delivered ?? 0);
    expect(read).toBeGreaterThanOrEqual(seen[at - 1]?.read ?? 0);
  }
  expect(await reader.ofUser(user, [chat])).toMatchObject([{ delivered: 63, read: 60 }]);
});

test('MARK1 an answer holds what other processes raised, also where this one remembers less', async () => {
  const [here, there] = [await someProcess(), await someProcess()];
  const [chat, user] = [someChat(), someUser()];
  await here.advance([mark(chat, user, [3, 3])]);
  await there.advance([mark(chat, user, [9, 8])]);
  expect(await here.advance([mark(chat, user, [5, 4])])).toMatchObject([{ delivered: 9, read: 8 }]);
  expect(await there.advance([mark(chat, user, [1, 1])])).toMatchObject([{ delivered: 9, read: 8 }]);
});

test('MARK1 a mark that is known to stand writes nothing', async () => {
  const session = await sessionFor(keyspace);
  const store = new CassandraWatermarkStore(session);
  const [chat, user] = [someChat(), someUser()];
  await store.advance([mark(chat, user, [3, 3])]);
  const execute = vi.spyOn(Client.prototype, 'execute');
  const batch = vi.spyOn(Client.prototype, 'batch');
  expect(await store.advance([mark(chat, user, [2, 1])])).toMatchObject([{ delivered: 3, read: 3 }]);
  expect(execute.mock.calls.map(([query]) => query.trim().slice(0, 6))).toEqual(['SELECT']);
  expect(batch).not.toHaveBeenCalled();
  execute.mockRestore();
  batch.mockRestore();
});

test('MARK1 a mark that could not be written is not remembered', async () => {
  const session = await sessionFor(keyspace);
  const store = new CassandraWatermarkStore(session);
  const [chat, user] = [someChat(), someUser()];
  const write = vi.spyOn(session, 'write').mockRejectedValueOnce(new Error('down'));
  await expect(store.advance([mark(chat, user, [3, 3])])).rejects.toThrow('down');
  expect(await store.advance([mark(chat, user, [3, 2])])).toMatchObject([{ delivered: 3, read: 2 }]);
  expect(write).toHaveBeenCalledTimes(2);
  expect(await store.ofUser(user, [chat])).toMatchObject([{ delivered: 3, read: 2 }]);
});

test.each(layouts)(
  'MARK7 of two processes that note a position the first time stays (%s)',
  async (_, someConversation) => {
    const [one, two] = [await someProcess(), await someProcess()];
    const [chat, user] = [someConversation(), someUser()];
    await Promise.all([
      one.advance([mark(chat, user, [5, 0, 200])]),
      two.advance([mark(chat, user, [5, 0, 100])]),
    ]);
    await two.advance([mark(chat, user, [5, 0, 300])]);
    expect(await one.timesAt(chat, seq(4))).toEqual([{ user, deliveredAt: 100, readAt: null }]);
  },
);

test.each(layouts)(
  'MARK7 a late mark of a process that knew less doesn’t hide the one that came first (%s)',
  async (_, someConversation) => {
    const [here, there] = [await someProcess(), await someProcess()];
    const [chat, user] = [someConversation(), someUser()];
    await here.advance([mark(chat, user, [1, 0, 100])]);
    await there.advance([mark(chat, user, [8, 8, 200])]);
    await here.advance([mark(chat, user, [5, 4, 300])]);
    expect(await here.timesAt(chat, seq(3))).toEqual([{ user, deliveredAt: 200, readAt: 200 }]);
  },
);

test.each(layouts)(
  'MARK7 a mark that jumps over the ends of buckets has its time for all it jumped over (%s)',
  async (_, someConversation) => {
    const store = await someProcess();
    const [chat, user] = [someConversation(), someUser()];
    await store.advance([mark(chat, user, [10, 10, 100])]);
    await store.advance([mark(chat, user, [300_000, 70_000, 200])]);
    await store.advance([mark(chat, user, [300_000, 300_000, 300])]);
    expect(await store.timesAt(chat, seq(10))).toEqual([{ user, deliveredAt: 100, readAt: 100 }]);
    expect(await store.timesAt(chat, seq(11))).toEqual([{ user, deliveredAt: 200, readAt: 200 }]);
    expect(await store.timesAt(chat, seq(70_001))).toEqual([{ user, deliveredAt: 200, readAt: 300 }]);
    expect(await store.timesAt(chat, seq(300_000))).toEqual([{ user, deliveredAt: 200, readAt: 300 }]);
  },
);

test('MARK7 the times of a group of 1,024 take some requests for each 32 members, not for each', async () => {
  const session = await sessionFor(keyspace);
  const store = new CassandraWatermarkStore(session);
  const [group, users] = [someGroup(), range(1, 1_024).map(someUser)];
  await store.advance(users.map((user, at) => mark(group, user, [at + 1, at, at])));
  const read = vi.spyOn(session, 'read');
  const times = await store.timesAt(group, seq(1));
  expect(times).toHaveLength(1_024);
  expect(times.find(({ user }) => user === users[0])).toEqual({
    user: users[0],
    deliveredAt: 0,
    readAt: null,
  });
  expect(times.find(({ user }) => user === users[9])).toEqual({ user: users[9], deliveredAt: 9, readAt: 9 });
  expect(read.mock.calls.length).toBeLessThanOrEqual(64);
});
