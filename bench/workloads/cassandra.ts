import { randomBytes } from 'node:crypto';
import { secureId, systemClock } from '@tidings/api/clock';
import { groupId, seq } from '@tidings/api/ids';
import { dropKeyspace, migrateCassandra } from '@tidings/db/cassandra/migrate';
import { type CassandraOptions, CassandraSession } from '@tidings/db/cassandra/session';
import { type CassandraStores, openCassandraStores } from '@tidings/db/cassandra/stores';
import { processListeningOn } from '../listening-process.ts';
import { usageOf } from '../process-usage.ts';
import type { Figure, WorkloadResult } from '../results.ts';
import { type Chat, entryIn, inLanes, markOf, oneOf, sendOne, someChat } from '../store-load.ts';

const lanes = 64;
const chatCount = 2_000;

/**
 * What the stores cost on Cassandra at `address` (`host:port`): its CPU, where its process is on this machine, and ours beside it.
 * Works in a keyspace of its own, which it drops.
 */
export async function cassandra(address: string): Promise<WorkloadResult> {
  const keyspace = `bench_${randomBytes(6).toString('hex')}`;
  const options = {
    contactPoints: [address],
    localDataCenter: 'datacenter1',
    keyspace,
    requestTimeoutMs: 20_000,
  };
  const pid = processListeningOn(Number(address.split(':')[1] ?? 9_042));
  await migrateCassandra({ ...options, replicationFactor: 1, clock: systemClock });
  const stores = await openCassandraStores(options);
  try {
    await warmUp(stores);
    const figures = [
      ...(await appends(stores, pid)),
      ...(await marks(stores, pid)),
      ...(await messagesWithMarks(stores, pid)),
      ...(await plainWrites(options, pid)),
      ...(await reads(stores, pid)),
    ];
    return {
      workload: 'cassandra',
      figures,
      notes: pid === null ? ['The process of Cassandra is not on this machine: its CPU is not in here.'] : [],
    };
  } finally {
    await stores.stop();
    await dropKeyspace(options);
  }
}

/** The server compiles what it does often: the first thousands of requests cost several times the later ones. */
async function warmUp(stores: CassandraStores): Promise<void> {
  const chats = Array.from({ length: chatCount }, someChat);
  await inLanes(lanes, 6_000, () => sendOne(stores, chats));
}

async function appends(stores: CassandraStores, pid: number | null): Promise<Figure[]> {
  const chats = Array.from({ length: chatCount }, someChat);
  const figures: Figure[] = [];
  for (const [batch, count] of [
    [1, 6_000],
    [8, 2_000],
    [32, 800],
  ] as const) {
    const cost = await measured(pid, count * batch, () =>
      inLanes(lanes, count, () => appendTo(stores, oneOf(chats), batch)),
    );
    figures.push(...figuresOf(batch === 1 ? 'append to many chats' : `append in batches of ${batch}`, cost));
  }
  const group = { ...someChat(), id: groupId(secureId()) };
  const busy = await measured(pid, 6_000, () => inLanes(lanes, 6_000, () => appendTo(stores, group, 1)));
  return [...figures, ...figuresOf(`append to one group, ${lanes} at a time`, busy)];
}

async function appendTo(stores: CassandraStores, chat: Chat, batch: number): Promise<void> {
  await stores.messages.append(Array.from({ length: batch }, () => entryIn(chat)));
}

async function marks(stores: CassandraStores, pid: number | null): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, makeId] of [
    ['mark of a direct conversation', null],
    ['mark of a member of a group', () => groupId(secureId())],
  ] as const) {
    const chats = Array.from({ length: chatCount }, () => ({
      ...someChat(),
      ...(makeId && { id: makeId() }),
    }));
    const cost = await measured(pid, 10_000, () =>
      inLanes(lanes, 10_000, async () => {
        const chat = oneOf(chats);
        chat.head += 1;
        await stores.watermarks.advance([markOf(chat.id, chat.b, chat.head)]);
      }),
    );
    figures.push(...figuresOf(name, cost));
  }
  return figures;
}

async function messagesWithMarks(stores: CassandraStores, pid: number | null): Promise<Figure[]> {
  const chats = Array.from({ length: chatCount }, someChat);
  const cost = await measured(pid, 6_000, () => inLanes(lanes, 6_000, () => sendOne(stores, chats)));
  const told = { goal: { atLeast: 500 } };
  return figuresOf('message and two marks', cost).map((figure) =>
    figure.name.includes('per CPU-second of Cassandra') ? { ...figure, ...told } : figure,
  );
}

/** What the condition costs: the same row, and a row of one small column, written without. */
async function plainWrites(options: CassandraOptions, pid: number | null): Promise<Figure[]> {
  const session = await CassandraSession.open(options);
  try {
    const chats = Array.from({ length: chatCount }, someChat);
    const plainly = () => {
      const { conversationId, seq, kind, sender, sentAt, content } = entryIn(oneOf(chats));
      return session.write([
        { query: insertPlainly, params: [conversationId, seq, kind, sender, sentAt, content] },
      ]);
    };
    const cost = await measured(pid, 12_000, () => inLanes(lanes, 12_000, plainly));
    const fenced = await measured(pid, 6_000, () =>
      inLanes(lanes, 6_000, async () => {
        await plainly();
        await session.read('SELECT dropped FROM bucket WHERE conversation = ? LIMIT 1', [oneOf(chats).id]);
      }),
    );
    return [
      ...figuresOf('entry written without a condition', cost),
      ...figuresOf('the same, and a small row read behind it', fenced),
    ];
  } finally {
    await session.stop();
  }
}

const insertPlainly =
  'INSERT INTO entry (conversation, bucket, seq, kind, sender, sent_at, content) VALUES (?, 0, ?, ?, ?, ?, ?)';

async function reads(stores: CassandraStores, pid: number | null): Promise<Figure[]> {
  const chats = Array.from({ length: 200 }, someChat);
  for (const chat of chats) await appendTo(stores, chat, 100);
  const page = await measured(pid, 4_000, () =>
    inLanes(lanes, 4_000, async () => {
      const span = { first: seq(51), last: seq(100), from: 'newest', limit: 50 } as const;
      await stores.messages.read([{ conversation: oneOf(chats).id, ...span }]);
    }),
  );
  const ids = chats.map(({ id }) => id);
  const heads = await measured(pid, 30 * ids.length, () =>
    inLanes(1, 30, async () => void (await stores.messages.heads(ids))),
  );
  const queries = chats.map(({ id, b }) => ({ conversation: id, reader: b, after: seq(50), upTo: seq(100) }));
  const unread = await measured(pid, 30 * queries.length, () =>
    inLanes(1, 30, async () => void (await stores.messages.countUnread(queries, 1_000))),
  );
  return [
    ...figuresOf('page of 50 entries', page),
    ...figuresOf('head, 200 at a time', heads),
    ...figuresOf('count of 50 unread, 200 at a time', unread),
  ];
}

type Cost = {
  readonly perSecond: number;
  readonly ownMicros: number;
  readonly perCassandraSecond: number | null;
};

async function measured(pid: number | null, units: number, work: () => Promise<void>): Promise<Cost> {
  const theirs = () => (pid === null ? 0 : usageOf(pid).cpuSeconds);
  const [own, other, started] = [process.cpuUsage(), theirs(), performance.now()];
  await work();
  const spent = process.cpuUsage(own);
  const perSecond = units / ((performance.now() - started) / 1_000);
  const ownMicros = (spent.user + spent.system) / units;
  return { perSecond, ownMicros, perCassandraSecond: pid === null ? null : units / (theirs() - other) };
}

function figuresOf(name: string, { perSecond, ownMicros, perCassandraSecond }: Cost): Figure[] {
  return [
    ...(perCassandraSecond === null
      ? []
      : [{ name: `${name}: per CPU-second of Cassandra`, unit: '', value: perCassandraSecond }]),
    { name: `${name}: rate`, unit: '/s', value: perSecond },
    { name: `${name}: own CPU`, unit: 'µs', value: ownMicros },
  ];
}
