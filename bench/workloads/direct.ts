import type { ConversationId } from '@tidings/api/ids';
import type { Engine, EngineState } from '@tidings/client/engine-port';
import type { LocalChange } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { connectNode } from '@tidings/client/node';
import { ServerProcess } from '../../tests/support/server-process.ts';
import { BareWs } from '../bare-ws.ts';
import { atRate, Latencies } from '../latencies.ts';
import type { WorkloadResult } from '../results.ts';
import { type Citizen, Town } from '../town.ts';

const pairs = 50;

/**
 * One-to-one: engines in pairs, each a real client with its outbox, its store and its marks. Latency is from the call of `send`
 * to the entry in the recipient engine's store, at a given rate; cost is the server's CPU for messages that are
 * stored, delivered, and whose delivered *and* read marks are stored and told to the sender.
 */
export async function direct(): Promise<WorkloadResult> {
  await using town = await Town.found();
  const people = await town.people(2 * pairs);
  const couples = await Promise.all(
    Array.from({ length: pairs }, (_, at) =>
      couple(town, people[2 * at] as Citizen, people[2 * at + 1] as Citizen),
    ),
  );
  await town.close();
  await using server = await ServerProcess.start(town.dataDir);
  await using bare = await BareWs.start();
  const lines = await Promise.all(couples.map((pair) => Pair.open(server, pair)));
  await atFixedRate(server, lines, 500, 8); // warms both sides' compilers up
  const at200 = await atFixedRate(server, lines, 200, 15);
  const at1000 = await atFixedRate(server, lines, 1_000, 15);
  const cost = await flatOut(server, lines, 30_000);
  const ceiling = { at200: await bare.direct(200, 5), at1000: await bare.direct(1_000, 5) };
  await Promise.all(lines.map((line) => line.close()));
  const latency = (name: string, run: typeof at200, bareP50: number, bareP99: number) => [
    {
      name: `${name}: p50 send → in the recipient's store`,
      unit: 'ms',
      value: run.p50Ms,
      goal: { atMost: 5 },
      bareWs: bareP50,
    },
    { name: `${name}: p99`, unit: 'ms', value: run.p99Ms, goal: { atMost: 25 }, bareWs: bareP99 },
    { name: `${name}: lost or doubled`, unit: 'messages', value: run.wrong, goal: { atMost: 0 } },
  ];
  return {
    workload: 'direct',
    figures: [
      ...latency('200 msg/s', at200, ceiling.at200.latency.p50Ms, ceiling.at200.latency.p99Ms),
      ...latency('1,000 msg/s', at1000, ceiling.at1000.latency.p50Ms, ceiling.at1000.latency.p99Ms),
      {
        name: 'durable messages, delivered, both marks told, per server CPU-second',
        unit: 'msg/CPU-s',
        value: cost.perCpuSecond,
        goal: { atLeast: 3_000 },
        bareWs: ceiling.at1000.perCpuSecond,
      },
      { name: 'the same at 1,000 msg/s', unit: 'msg/CPU-s', value: at1000.perCpuSecond },
      {
        name: 'messages a second meanwhile (load on the same two cores)',
        unit: 'msg/s',
        value: cost.perSecond,
      },
    ],
    notes: [
      `${pairs} pairs of engines; the server's CPU includes its store's thread; bare ws stores nothing and marks nothing`,
    ],
  };
}

type Couple = { readonly ann: Citizen; readonly ben: Citizen; readonly conversation: ConversationId };

async function couple(town: Town, ann: Citizen, ben: Citizen): Promise<Couple> {
  return { ann, ben, conversation: await town.direct(ann, ben) };
}

/** A store that says when entries are in it. */
class WatchedStore extends MemoryStore {
  onEntries: (contents: readonly string[]) => void = () => {};
  onOthersRead: (read: number) => void = () => {};

  override async apply(changes: readonly LocalChange[]): Promise<void> {
    await super.apply(changes);
    for (const change of changes) {
      if (change.type === 'put-entries') this.onEntries(change.entries.map((entry) => entry.content));
      if (change.type === 'put-conversation') this.onOthersRead(change.conversation.othersRead);
    }
  }
}

class Pair {
  readonly conversation: ConversationId;
  readonly ann: Engine;
  readonly ben: Engine;
  readonly annStore: WatchedStore;
  readonly benStore: WatchedStore;

  private constructor(conversation: ConversationId, [ann, annStore]: Client, [ben, benStore]: Client) {
    this.conversation = conversation;
    [this.ann, this.annStore, this.ben, this.benStore] = [ann, annStore, ben, benStore];
  }

  static async open(server: ServerProcess, { ann, ben, conversation }: Couple): Promise<Pair> {
    const pair = new Pair(conversation, await open(server, ann), await open(server, ben));
    await Promise.all([pair.ann, pair.ben].map((engine) => isLive(engine)));
    return pair;
  }

  async close(): Promise<void> {
    await Promise.all([this.ann.stop(), this.ben.stop()]);
  }
}

type Client = readonly [Engine, WatchedStore];

async function open(server: ServerProcess, citizen: Citizen): Promise<Client> {
  const store = new WatchedStore();
  return [connectNode({ url: server.url, session: citizen, store }), store];
}

function isLive(engine: Engine): Promise<void> {
  return new Promise((resolve) => {
    const end = engine.observe((state: EngineState) => {
      if (state.connection.type !== 'live') return;
      resolve();
      queueMicrotask(() => end());
    });
  });
}

type Run = {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly wrong: number;
  readonly perCpuSecond: number;
  readonly perSecond: number;
};

async function atFixedRate(
  server: ServerProcess,
  lines: readonly Pair[],
  perSecond: number,
  seconds: number,
): Promise<Run> {
  return measured(server, lines, perSecond * seconds, (send) => atRate(perSecond, seconds, send));
}

/** As many at once as each sender's outbox takes: 20 under way a pair. */
async function flatOut(server: ServerProcess, lines: readonly Pair[], total: number): Promise<Run> {
  return measured(server, lines, total, async (send, delivered) => {
    const under = 20 * lines.length;
    for (let index = 0; index < total; index += 1) {
      while (index - delivered() >= under) await new Promise((resolve) => setImmediate(resolve));
      send(index);
    }
  });
}

let runs = 0;

/** Sends `total` messages round the pairs; ends when every sender knows that its last one was read. */
async function measured(
  server: ServerProcess,
  lines: readonly Pair[],
  total: number,
  drive: (send: (index: number) => void, delivered: () => number) => Promise<void>,
): Promise<Run> {
  const run = `run ${runs++}`;
  const sentAt = new Float64Array(total);
  const seen = new Uint8Array(total);
  const latencies = new Latencies();
  let delivered = 0;
  const pattern = new RegExp(`${run} #(\\d+) `);
  const readTo = lines.map(() => 0);
  lines.forEach((line, at) => {
    line.benStore.onEntries = (contents) => {
      for (const content of contents) {
        const index = Number(pattern.exec(content)?.[1] ?? Number.NaN);
        if (Number.isNaN(index)) continue;
        if (seen[index] === 0) latencies.add(performance.now() - (sentAt[index] as number));
        seen[index] = Math.min(255, (seen[index] as number) + 1);
        delivered += 1;
      }
      void line.benStore
        .conversation(line.conversation)
        .then((row) => row && line.ben.markRead(line.conversation, row.head));
    };
    line.annStore.onOthersRead = (read) => {
      readTo[at] = Math.max(readTo[at] as number, read);
    };
  });
  const filler = 'The quick brown fox jumps over the lazy dog and sends it on to the next one. '.repeat(2);
  const before = server.usage().cpuSeconds;
  const started = performance.now();
  await drive(
    (index) => {
      sentAt[index] = performance.now();
      const line = lines[index % lines.length] as Pair;
      void line.ann.send(line.conversation, { type: 'text', text: `${run} #${index} ${filler}` });
    },
    () => delivered,
  );
  await allRead(lines, readTo);
  const cpuSeconds = server.usage().cpuSeconds - before;
  const { p50Ms, p99Ms } = latencies.percentiles;
  const wrong = seen.reduce((sum, times) => sum + (times === 1 ? 0 : 1), 0);
  return {
    p50Ms,
    p99Ms,
    wrong,
    perCpuSecond: total / cpuSeconds,
    perSecond: (total / (performance.now() - started)) * 1_000,
  };
}

async function allRead(lines: readonly Pair[], readTo: readonly number[]): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const heads = await Promise.all(
      lines.map(async (line) => ({
        head: (await line.annStore.conversation(line.conversation))?.head ?? 0,
        waiting: (await line.annStore.outbox()).length,
      })),
    );
    if (heads.every(({ head, waiting }, at) => waiting === 0 && head > 0 && (readTo[at] as number) >= head))
      return;
    if (performance.now() > deadline) throw new Error('not every message was read within a minute');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
