import type { Entry } from '@tidings/api/entry';
import { type ConversationId, seq } from '@tidings/api/ids';
import { expect, test, vi } from 'vitest';
import { sessionFor, sessionOverProxy, testKeyspace } from '../testing/cassandra-keyspace.ts';
import { entriesAt, entryAt, positions, range, someChat, someGroup } from '../testing/make.ts';
import { CassandraMessageStore } from './cassandra.ts';
import { bucketSize, type MessageStore } from './port.ts';

const keyspace = testKeyspace('messages');

/** A store as another process has it. */
const someProcess = async () => new CassandraMessageStore(await sessionFor(keyspace));

async function spied() {
  const session = await sessionFor(keyspace);
  return { store: new CassandraMessageStore(session), decide: vi.spyOn(session, 'decide') };
}

async function logOf(store: MessageStore, conversation: ConversationId): Promise<readonly Entry[]> {
  const whole = { first: seq(0), last: seq(2 ** 40), from: 'oldest', limit: 100_000 } as const;
  return (await store.read([{ conversation, ...whole }]))[0] ?? [];
}

test('LOG1 of two processes that write the same cells exactly one gets each, and both read the same', async () => {
  const [one, two] = [await someProcess(), await someProcess()];
  const chats = range(1, 40).map(someChat);
  const rivals = chats.map((chat) => [entryAt(chat, 1), entryAt(chat, 1)] as const);
  const outcomes = await Promise.all(
    rivals.map(async ([ours, theirs]) => {
      const [[mine], [yours]] = await Promise.all([one.append([ours]), two.append([theirs])]);
      return [mine, yours];
    }),
  );
  for (const [at, chat] of chats.entries()) {
    expect([...(outcomes[at] ?? [])].sort()).toEqual(['taken', 'written']);
    const winner = rivals[at]?.[outcomes[at]?.indexOf('written') ?? -1];
    expect(await logOf(one, chat)).toEqual([winner]);
    expect(await logOf(two, chat)).toEqual([winner]);
  }
});

test('LOG1 LOG8 batches of two processes that overlap keep each its order, and lose nothing', async () => {
  const processes = [await someProcess(), await someProcess()];
  const group = someGroup();
  await Promise.all(
    processes.map(async (store, writer) => {
      let [said, head] = [0, 0];
      while (said < 60) {
        const size = 1 + ((said + writer) % 7);
        const entries = range(1, size).map((n) =>
          entryAt(group, head + n, { content: `${writer}/${said + n}` }),
        );
        const outcomes = await store.append(entries);
        const written = outcomes.filter((outcome) => outcome === 'written').length;
        expect(outcomes.slice(0, written)).not.toContain('taken');
        said += written;
        head = written === size ? head + size : ((await store.heads([group]))[0]?.seq ?? 0);
      }
    }),
  );
  const log = await logOf(processes[0] as MessageStore, group);
  expect(positions(log)).toEqual(range(1, log.length));
  for (const writer of [0, 1]) {
    const own = log.map(({ content }) => content.split('/')).filter(([by]) => by === String(writer));
    expect(own.map(([, n]) => Number(n))).toEqual(range(1, own.length));
    expect(own.length).toBeGreaterThanOrEqual(60);
  }
});

test('LOG8 what is appended within a turn is one conditional batch', async () => {
  const { store, decide } = await spied();
  const chat = someChat();
  const outcomes = await Promise.all(range(1, 50).map((position) => store.append(entriesAt(chat, position))));
  expect(outcomes.flat()).toEqual(range(1, 50).map(() => 'written'));
  expect(decide).toHaveBeenCalledTimes(1);
});

test('LOG8 what is appended while a batch is under way goes together in the next', async () => {
  const { store, decide } = await spied();
  const chat = someChat();
  const first = store.append(entriesAt(chat, 1));
  await vi.waitFor(() => expect(decide).toHaveBeenCalledTimes(1));
  const later = range(2, 30).map((position) => store.append(entriesAt(chat, position)));
  await Promise.all([first, ...later]);
  expect(decide).toHaveBeenCalledTimes(2);
});

test('LOG8 of calls that share a batch with a taken cell only what stands behind it is refused', async () => {
  const { store, decide } = await spied();
  const chat = someChat();
  await (await someProcess()).append(entriesAt(chat, 2, 6));
  const [first, second, third, fourth] = await Promise.all([
    store.append(entriesAt(chat, 1, 2, 3)),
    store.append(entriesAt(chat, 4, 5)),
    store.append(entriesAt(chat, 5, 7)),
    store.append(entriesAt(chat, 3, 6, 8)),
  ]);
  expect(first).toEqual(['written', 'taken', 'taken']);
  expect(second).toEqual(['written', 'written']);
  expect(third).toEqual(['taken', 'taken']);
  expect(fourth).toEqual(['written', 'taken', 'taken']);
  expect(positions(await logOf(store, chat))).toEqual([1, 2, 3, 4, 5, 6]);
  expect(decide.mock.calls.length).toBeLessThanOrEqual(4);
});

test('LOG8 a call larger than a batch, over the end of a bucket, stays in order', async () => {
  const { store, decide } = await spied();
  const chat = someChat();
  const wanted = range(bucketSize - 200, bucketSize + 99);
  expect(new Set(await store.append(entriesAt(chat, ...wanted)))).toEqual(new Set(['written']));
  expect(positions(await logOf(store, chat))).toEqual(wanted);
  expect(decide).toHaveBeenCalledTimes(3);
  const overlapping = range(bucketSize + 90, bucketSize + 300);
  expect(new Set(await store.append(entriesAt(chat, ...overlapping)))).toEqual(new Set(['taken']));
  const last = range(bucketSize - 210, bucketSize - 190);
  const expected = last.map((position) => (position < bucketSize - 200 ? 'written' : 'taken'));
  expect(await store.append(entriesAt(chat, ...last))).toEqual(expected);
});

test('LOG8 entries of 96 KiB fit, however many come at once', async () => {
  const { store } = await spied();
  const chat = someChat();
  const large = range(1, 24).map((position) => entryAt(chat, position, { content: '€'.repeat(32 * 1024) }));
  expect(new Set(await store.append(large))).toEqual(new Set(['written']));
  expect(await logOf(store, chat)).toEqual(large);
});

test('LOG1 an append whose answer got lost is asked again, and knows its own cells', async () => {
  const { session, line } = await sessionOverProxy({ ...keyspace, requestTimeoutMs: 2_000 });
  const [store, witness] = [new CassandraMessageStore(session), await someProcess()];
  const [single, several] = [someChat(), someChat()];
  await store.append([...entriesAt(single, 1), ...entriesAt(several, 1, 2)]);
  line.loseAnswers();
  const answers = Promise.all([
    store.append(entriesAt(single, 2)),
    store.append(entriesAt(several, 3, 4, 5)),
  ]);
  await vi.waitFor(
    async () => expect((await witness.heads([single, several])).map((tail) => tail.seq)).toEqual([2, 5]),
    { timeout: 20_000 },
  );
  line.heal();
  expect(await answers).toEqual([['written'], ['written', 'written', 'written']]);
  expect(positions(await logOf(witness, several))).toEqual(range(1, 5));
});

test('LOG1 LOG2 an append that nobody answers is unavailable, and may have been written or not', async () => {
  const { session, line } = await sessionOverProxy({ ...keyspace, requestTimeoutMs: 1_000 });
  const [store, witness] = [new CassandraMessageStore(session), await someProcess()];
  const chat = someChat();
  await store.append(entriesAt(chat, 1));
  line.loseAnswers();
  await expect(store.append(entriesAt(chat, 2))).rejects.toMatchObject({ code: 'unavailable' });
  line.cut();
  await expect(store.append(entriesAt(chat, 3))).rejects.toMatchObject({ code: 'unavailable' });
  expect(positions(await logOf(witness, chat))).toEqual([1, 2]);
});

test('LOG4 of a slow writer and those who seal its cell one wins, and everybody reads the same', async () => {
  const processes = [await someProcess(), await someProcess(), await someProcess()];
  const chats = range(1, 20).map(someChat);
  await (processes[0] as MessageStore).append(chats.flatMap((chat) => entriesAt(chat, 2)));
  await Promise.all(
    chats.map(async (chat) => {
      const rivals = processes.map((_, at) =>
        entryAt(chat, 1, at === 0 ? {} : { kind: 'void', content: '' }),
      );
      const outcomes = await Promise.all(processes.map((store, at) => store.append([rivals[at] as Entry])));
      const winners = rivals.filter((_, at) => outcomes[at]?.[0] === 'written');
      expect(winners).toHaveLength(1);
      for (const store of processes) expect((await logOf(store, chat))[0]).toEqual(winners[0]);
    }),
  );
});

test('LOG7 a redaction is newer than the append by the ballots themselves, and no late append undoes it', async () => {
  const session = await sessionFor(keyspace);
  const [store, other] = [new CassandraMessageStore(session), await someProcess()];
  const chat = someChat();
  const entry = entryAt(chat, 1, { content: 'secret' });
  await other.append([entry]);
  await Promise.all([store.redact(chat, seq(1)), other.append([entry]), store.append([entry])]);
  const [times] = await session.read(
    `SELECT WRITETIME(attempt) AS appended, WRITETIME(content) AS erased FROM entry
     WHERE conversation = ? AND bucket = 0 AND seq = 1`,
    [chat],
  );
  expect(times?.erased.greaterThan(times.appended)).toBe(true);
  for (const reader of [store, other])
    expect(await logOf(reader, chat)).toEqual([{ ...entry, content: '', deleted: true }]);
});

test('LOG7 a redaction that races with its append erases it or finds nothing, never half', async () => {
  const [one, two] = [await someProcess(), await someProcess()];
  await Promise.all(
    range(1, 20).map(async () => {
      const chat = someChat();
      const entry = entryAt(chat, 1, { content: 'secret' });
      await Promise.all([one.append([entry]), two.redact(chat, seq(1))]);
      const [stored] = await logOf(one, chat);
      const erased = { ...entry, content: '', deleted: true };
      expect(stored?.deleted ? erased : entry).toEqual(stored);
    }),
  );
});
