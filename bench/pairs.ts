import type { ConversationId } from '@tidings/api/ids';
import type { Engine, EngineState } from '@tidings/client/engine-port';
import type { LocalChange } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { connectNode } from '@tidings/client/node';
import { atRate, Latencies } from './latencies.ts';
import type { Citizen, Population } from './population.ts';

export type Couple = { readonly ann: Citizen; readonly ben: Citizen; readonly conversation: ConversationId };

/** `count` pairs of new people, each with a conversation. */
export async function couples(population: Population, count: number): Promise<readonly Couple[]> {
  const people = await population.people(2 * count);
  const made = Array.from(
    { length: count },
    (_, at) => [people[2 * at] as Citizen, people[2 * at + 1] as Citizen] as const,
  );
  const conversations = await population.directs(made);
  return made.map(([ann, ben], at) => ({ ann, ben, conversation: conversations[at] as ConversationId }));
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

/** Two real clients, each with its outbox, its store and its marks. */
export class Pair {
  readonly conversation: ConversationId;
  readonly ann: Engine;
  readonly ben: Engine;
  readonly annStore: WatchedStore;
  readonly benStore: WatchedStore;

  private constructor(conversation: ConversationId, [ann, annStore]: Client, [ben, benStore]: Client) {
    this.conversation = conversation;
    [this.ann, this.annStore, this.ben, this.benStore] = [ann, annStore, ben, benStore];
  }

  /** Resolves when both are live, each at a server of its own, or at the same. */
  static async open(
    { ann, ben, conversation }: Couple,
    annUrl: string,
    benUrl: string = annUrl,
  ): Promise<Pair> {
    const pair = new Pair(conversation, connect(annUrl, ann), connect(benUrl, ben));
    await Promise.all([pair.ann, pair.ben].map((engine) => isLive(engine)));
    return pair;
  }

  async close(): Promise<void> {
    await Promise.all([this.ann.stop(), this.ben.stop()]);
  }
}

type Client = readonly [Engine, WatchedStore];

function connect(url: string, session: Citizen): Client {
  const store = new WatchedStore();
  return [connectNode({ url, session, store }), store];
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

export type Run = {
  /** From the call of `send` to the entry in the recipient's store. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Messages that didn't arrive exactly once. */
  readonly wrong: number;
  readonly messages: number;
  /** Until the last sender knew that its last message was read. */
  readonly seconds: number;
};

export async function atFixedRate(lines: readonly Pair[], perSecond: number, seconds: number): Promise<Run> {
  return measured(lines, perSecond * seconds, (send) => atRate(perSecond, seconds, send));
}

/** As many at once as each sender's outbox takes: 20 under way a pair. */
export async function flatOut(lines: readonly Pair[], total: number): Promise<Run> {
  return measured(lines, total, async (send, delivered) => {
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
  const seconds = (performance.now() - started) / 1_000;
  const { p50Ms, p99Ms } = latencies.percentiles;
  const wrong = seen.reduce((sum, times) => sum + (times === 1 ? 0 : 1), 0);
  return { p50Ms, p99Ms, wrong, messages: total, seconds };
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
