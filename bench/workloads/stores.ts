import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { secureId, systemClock } from '@tidings/api/clock';
import { groupId, seq, userId } from '@tidings/api/ids';
import { openSqliteStores, type SqliteStores } from '@tidings/db/sqlite/stores';
import { atRate, Latencies } from '../latencies.ts';
import type { Figure, WorkloadResult } from '../results.ts';
import { entryIn, inLanes, markOf, oneOf, sendOne, someChat } from '../store-load.ts';

const chatCount = 10_000;

/**
 * What the embedded profile's stores cost by themselves. CPU is that of the whole process, with the store's thread and the making
 * of the load. Each message is durable, and so are both marks behind it.
 */
export async function stores(): Promise<WorkloadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-bench-'));
  const opened = await openSqliteStores(join(folder, 'tidings.db'), systemClock);
  try {
    const figures = [
      ...(await messagesAtFullSpeed(opened)),
      ...(await messagesAtARate(opened)),
      ...(await marksOfAGroup(opened)),
      ...(await reads(opened)),
    ];
    return { workload: 'stores', figures };
  } finally {
    await opened.stop();
    rmSync(folder, { recursive: true });
  }
}

async function messagesAtFullSpeed(stores: SqliteStores): Promise<Figure[]> {
  const chats = Array.from({ length: chatCount }, someChat);
  await inLanes(200, 3 * chatCount, () => sendOne(stores, chats));
  const figures: Figure[] = [];
  for (const [lanes, count] of [
    [1, 2_000],
    [32, 20_000],
    [256, 40_000],
    [1_024, 60_000],
  ] as const) {
    const cost = await measured(count, () => inLanes(lanes, count, () => sendOne(stores, chats)));
    const name = `message and two marks, ${lanes} at a time`;
    const goal = lanes >= 256 ? { goal: { atMost: 80 } } : {};
    figures.push({ name: `${name}: CPU`, unit: 'µs', value: cost.cpuMicros, ...goal });
    figures.push({ name: `${name}: rate`, unit: '/s', value: cost.perSecond });
    figures.push({ name: `${name}: written`, unit: 'KiB', value: cost.writtenKib });
  }
  return figures;
}

async function messagesAtARate(stores: SqliteStores): Promise<Figure[]> {
  const chats = Array.from({ length: chatCount }, someChat);
  const figures: Figure[] = [];
  for (const perSecond of [200, 1_000]) {
    const [seconds, latencies, loop] = [5, new Latencies(), monitorEventLoopDelay({ resolution: 1 })];
    const pending: Promise<void>[] = [];
    const idle = await measured(perSecond * seconds, () => atRate(perSecond, seconds, () => {}));
    loop.enable();
    const cost = await measured(perSecond * seconds, async () => {
      await atRate(perSecond, seconds, () => pending.push(sendOne(stores, chats, latencies)));
      await Promise.all(pending);
    });
    loop.disable();
    const name = `${perSecond} messages/s`;
    figures.push({ name: `${name}: append p50`, unit: 'ms', value: latencies.percentiles.p50Ms });
    figures.push({ name: `${name}: append p99`, unit: 'ms', value: latencies.percentiles.p99Ms });
    figures.push({ name: `${name}: event loop held up, p99`, unit: 'ms', value: loop.percentile(99) / 1e6 });
    figures.push({ name: `${name}: CPU a message`, unit: 'µs', value: cost.cpuMicros - idle.cpuMicros });
  }
  return figures;
}

/** Every member has every message: the marks of a message in one call, as a handler tells them. */
async function marksOfAGroup(stores: SqliteStores): Promise<Figure[]> {
  const [group, messages] = [groupId(secureId()), 1_000];
  const members = Array.from({ length: 256 }, () => userId(secureId()));
  const cost = await measured(messages * members.length, async () => {
    for (let position = 1; position <= messages; position += 1)
      await stores.watermarks.advance(members.map((user) => markOf(group, user, position)));
  });
  const started = performance.now();
  for (let position = 1; position <= 20; position += 1)
    await stores.watermarks.timesAt(group, seq(position * 40));
  const infoMs = (performance.now() - started) / 20;
  return [
    { name: 'mark of a group of 256: CPU', unit: 'µs', value: cost.cpuMicros },
    { name: 'mark of a group of 256: written', unit: 'KiB', value: cost.writtenKib },
    { name: 'who had a message of a group of 256, and when', unit: 'ms', value: infoMs },
  ];
}

async function reads(stores: SqliteStores): Promise<Figure[]> {
  const chats = Array.from({ length: 200 }, someChat);
  for (const chat of chats) {
    await stores.messages.append(Array.from({ length: 100 }, () => entryIn(chat)));
  }
  const [pages, rounds] = [2_000, 200];
  const page = await measured(pages * 50, () =>
    inLanes(20, pages, async () => {
      const { id } = oneOf(chats);
      await stores.messages.read([
        { conversation: id, first: seq(1), last: seq(2 ** 40), from: 'newest', limit: 50 },
      ]);
    }),
  );
  const ids = chats.map(({ id }) => id);
  const heads = await measured(rounds * ids.length, () =>
    inLanes(5, rounds, async () => void (await stores.messages.heads(ids))),
  );
  const queries = chats.map(({ id, b }) => ({ conversation: id, reader: b, after: seq(50), upTo: seq(100) }));
  const unread = await measured(rounds * ids.length, () =>
    inLanes(5, rounds, async () => void (await stores.messages.countUnread(queries, 1_000))),
  );
  return [
    { name: 'entry read, in pages of 50: CPU', unit: 'µs', value: page.cpuMicros },
    { name: 'entry read, in pages of 50: rate', unit: '/s', value: page.perSecond },
    { name: 'head, 200 at a time: CPU', unit: 'µs', value: heads.cpuMicros },
    { name: 'count of 50 unread, 200 at a time: CPU', unit: 'µs', value: unread.cpuMicros },
  ];
}

/** CPU and bytes written per unit of work. */
async function measured(units: number, work: () => Promise<void>) {
  const [cpuBefore, bytesBefore, started] = [process.cpuUsage(), bytesWritten(), performance.now()];
  await work();
  const cpu = process.cpuUsage(cpuBefore);
  return {
    cpuMicros: (cpu.user + cpu.system) / units,
    perSecond: (units / (performance.now() - started)) * 1_000,
    writtenKib: (bytesWritten() - bytesBefore) / units / 1_024,
  };
}

/** By this process to the kernel; Linux only, 0 elsewhere. */
function bytesWritten(): number {
  try {
    return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}
