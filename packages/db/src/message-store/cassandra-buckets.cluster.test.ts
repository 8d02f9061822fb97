import { type ConversationId, seq } from '@tidings/api/ids';
import { Client } from 'cassandra-driver';
import { expect, test, vi } from 'vitest';
import type { CassandraSession } from '../cassandra/session.ts';
import { sessionFor, testKeyspace } from '../testing/cassandra-keyspace.ts';
import { entriesAt, entryAt, positions, range, someChat, someUser } from '../testing/make.ts';
import { CassandraMessageStore } from './cassandra.ts';
import { bucketSize, type MessageStore } from './port.ts';

const keyspace = testKeyspace('messages');

const someProcess = async () => new CassandraMessageStore(await sessionFor(keyspace));
const headOf = async (store: MessageStore, chat: ConversationId) => (await store.heads([chat]))[0]?.seq;

async function positionsIn(store: MessageStore, conversation: ConversationId): Promise<number[]> {
  const whole = { first: seq(0), last: seq(2 ** 40), from: 'oldest', limit: 100_000 } as const;
  return positions((await store.read([{ conversation, ...whole }]))[0] ?? []);
}

/** A process that dies at its `n`th request of this kind: that one and all that follow are never sent. */
function dyingAt(session: CassandraSession, n: number): void {
  let requests = 0;
  const died = new Error('the process died');
  const [write, decide] = [session.write.bind(session), session.decide.bind(session)];
  const lives = () => {
    requests += 1;
    if (requests >= n) throw died;
  };
  vi.spyOn(session, 'write').mockImplementation(async (statements) => {
    lives();
    await write(statements);
  });
  vi.spyOn(session, 'decide').mockImplementation(async (statements) => {
    lives();
    return decide(statements);
  });
}

test('LOG6 a head is found by a process that knows nothing, however far a position jumped', async () => {
  const [writer, reader] = [await someProcess(), await someProcess()];
  const chat = someChat();
  for (const position of [1, bucketSize, 5 * bucketSize, 2 ** 33, 2 ** 47]) {
    await writer.append(entriesAt(chat, position));
    expect(await headOf(reader, chat)).toBe(position);
    expect(await headOf(await someProcess(), chat)).toBe(position);
  }
  await writer.append(entriesAt(chat, 7 * bucketSize));
  expect(await headOf(reader, chat)).toBe(2 ** 47);
});

test('LOG6 a bucket that was announced by a process that died is passed over', async () => {
  const dying = await sessionFor(keyspace);
  const [dead, alive] = [new CassandraMessageStore(dying), await someProcess()];
  const chat = someChat();
  await alive.append(entriesAt(chat, 3, bucketSize + 1));
  vi.spyOn(dying, 'decide').mockRejectedValue(new Error('the process died'));
  await expect(dead.append(entriesAt(chat, 9 * bucketSize))).rejects.toThrow('died');
  expect(await headOf(alive, chat)).toBe(bucketSize + 1);
  expect(await headOf(await someProcess(), chat)).toBe(bucketSize + 1);
  expect(await positionsIn(alive, chat)).toEqual([3, bucketSize + 1]);

  const short = someChat();
  await alive.append(entriesAt(short, 4));
  await expect(dead.append(entriesAt(short, bucketSize))).rejects.toThrow('died');
  expect(await headOf(await someProcess(), short)).toBe(4);
});

test('LOG1 a bucket is announced before its first cell is written, so no cell is ever without', async () => {
  const dying = await sessionFor(keyspace);
  const chat = someChat();
  const decide = vi.spyOn(dying, 'decide');
  vi.spyOn(dying, 'write').mockRejectedValue(new Error('the process died'));
  const dead = new CassandraMessageStore(dying);
  await expect(dead.append(entriesAt(chat, bucketSize))).rejects.toThrow('died');
  expect(decide).not.toHaveBeenCalled();
});

test('LOG9 a dropped bucket takes nothing any more, from whichever process', async () => {
  const [one, two] = [await someProcess(), await someProcess()];
  const chat = someChat();
  await one.append(entriesAt(chat, 1, bucketSize));
  await two.append(entriesAt(chat, bucketSize + 1));
  await two.dropBuckets(chat, seq(2 * bucketSize - 1));
  for (const store of [one, two, await someProcess()]) {
    expect(await store.append(entriesAt(chat, 2, 3))).toEqual(['taken', 'taken']);
    expect(await store.append(entriesAt(chat, bucketSize + 9))).toEqual(['taken']);
    expect(await headOf(store, chat)).toBe(bucketSize + 1);
    expect(await positionsIn(store, chat)).toEqual([]);
  }
  expect(await one.append(entriesAt(chat, 2 * bucketSize))).toEqual(['written']);
  expect(await headOf(await someProcess(), chat)).toBe(2 * bucketSize);
});

test('LOG9 appends that race with the drop of their bucket are refused or gone, and the head never falls', async () => {
  const [writer, sweeper, reader] = [await someProcess(), await someProcess(), await someProcess()];
  await Promise.all(
    range(1, 10).map(async () => {
      const chat = someChat();
      await writer.append(entriesAt(chat, 1, bucketSize - 1));
      const heads: (number | undefined)[] = [];
      await Promise.all([
        writer.append(entriesAt(chat, 2)),
        sweeper.dropBuckets(chat, seq(bucketSize - 1)),
        sweeper.dropBuckets(chat, seq(bucketSize - 1)),
        headOf(reader, chat).then((head) => heads.push(head)),
      ]);
      heads.push(await headOf(reader, chat));
      expect(heads).toEqual([bucketSize - 1, bucketSize - 1]);
      expect(await positionsIn(reader, chat)).toEqual([]);
    }),
  );
});

test.each(range(1, 5))('LOG9 a drop that died at its request %i is finished by the next', async (request) => {
  const dying = await sessionFor(keyspace);
  const [dead, alive] = [new CassandraMessageStore(dying), await someProcess()];
  const chat = someChat();
  await alive.append([...entriesAt(chat, 1), entryAt(chat, 2, { sentAt: 77 })]);
  dyingAt(dying, request);
  await expect(dead.dropBuckets(chat, seq(bucketSize - 1))).rejects.toThrow('died');
  const tail = { seq: 2, sentAt: 77 };
  expect(await (await someProcess()).heads([chat])).toEqual([tail]);
  await alive.dropBuckets(chat, seq(bucketSize - 1));
  expect(await positionsIn(alive, chat)).toEqual([]);
  expect(await (await someProcess()).heads([chat])).toEqual([tail]);
  expect(await alive.append(entriesAt(chat, 1))).toEqual(['taken']);
});

test('LOG9 what was dropped is one tombstone, whatever was in it', async () => {
  const store = await someProcess();
  const chat = someChat();
  await store.append(entriesAt(chat, ...range(1, 300), bucketSize));
  await store.dropBuckets(chat, seq(bucketSize - 1));
  const client = new Client({ ...keyspace, contactPoints: [...keyspace.contactPoints] });
  try {
    const { info } = await client.execute(
      'SELECT seq FROM entry WHERE conversation = ? AND bucket = 0 AND seq >= 1 AND seq <= 4095',
      [chat],
      { prepare: true, traceQuery: true },
    );
    const { events } = await client.metadata.getTrace(info.traceId);
    const counted = events.flatMap(
      ({ activity }) => /and (\d+) tombstone cells/.exec(activity ?? '')?.[1] ?? [],
    );
    expect(new Set(counted)).toEqual(new Set(['0']));
  } finally {
    await client.shutdown();
  }
});

test('LOG6 spans of many buckets read those that there are, and none below what is wanted', async () => {
  const session = await sessionFor(keyspace);
  const store = new CassandraMessageStore(session);
  const chat = someChat();
  const written = range(0, 9).map((n) => 1 + n * 3 * bucketSize);
  await store.append(entriesAt(chat, ...written));
  const page = async (from: 'oldest' | 'newest', first: number, last: number, limit: number) =>
    positions(
      (await store.read([{ conversation: chat, first: seq(first), last: seq(last), from, limit }]))[0] ?? [],
    );
  expect(await page('oldest', 0, 2 ** 48, 4)).toEqual(written.slice(0, 4));
  expect(await page('newest', 0, 2 ** 48, 4)).toEqual(written.slice(-4));
  expect(await page('newest', 0, 2 ** 48, 100)).toEqual(written);
  expect(await page('oldest', 3 * bucketSize, 15 * bucketSize, 100)).toEqual(written.slice(1, 5));
  const rows = vi.spyOn(session, 'rows');
  await page('newest', 0, 2 ** 48, 1);
  expect(rows).toHaveBeenCalledTimes(2);
});

test('INV6 a count stops at its cap, and doesn’t read on behind it', async () => {
  const store = await someProcess();
  const chat = someChat();
  await store.append(entriesAt(chat, ...range(1, 1_500)));
  const query = { conversation: chat, reader: someUser(), after: seq(0), upTo: seq(1_500) };
  const execute = vi.spyOn(Client.prototype, 'execute');
  expect(await store.countUnread([query], 100)).toEqual([100]);
  expect(execute).toHaveBeenCalledTimes(1);
  expect(execute.mock.calls[0]?.at(2)).toMatchObject({ fetchSize: 100 });
  expect(await store.countUnread([query], 2_000)).toEqual([1_500]);
  expect(execute).toHaveBeenCalledTimes(3);
  execute.mockRestore();
});

test('INV11 an effect that lost its cell is not found, and many are found in their order', async () => {
  const [one, two] = [await someProcess(), await someProcess()];
  const chat = someChat();
  await one.append(entriesAt(chat, 1, 2));
  const reactions = range(3, 402).map((position) =>
    entryAt(chat, position, { kind: 'reaction', target: seq(1 + (position % 2)) }),
  );
  await one.append(reactions);
  expect(await two.append([entryAt(chat, 3, { kind: 'edit', target: seq(1) })])).toEqual(['taken']);
  const found = async (first: number, last: number, limit: number) =>
    positions(await two.effects(chat, seq(first), seq(last), limit));
  expect(await found(1, 2, 1_000)).toEqual(range(3, 402));
  expect(await found(1, 2, 150)).toEqual(range(3, 152));
  expect(await found(1, 1, 1_000)).toEqual(range(3, 402).filter((position) => position % 2 === 0));
  expect(await found(2, 2, 3)).toEqual([3, 5, 7]);
});

test('INV11 an effect stands in the index before it can be read', async () => {
  const dying = await sessionFor(keyspace);
  const chat = someChat();
  const decide = vi.spyOn(dying, 'decide');
  vi.spyOn(dying, 'write').mockRejectedValue(new Error('the process died'));
  const edit = entryAt(chat, 2, { kind: 'edit', target: seq(1) });
  await expect(new CassandraMessageStore(dying).append([edit])).rejects.toThrow('died');
  expect(decide).not.toHaveBeenCalled();
});
