import type { ConversationId } from '@tidings/api/ids';
import type { LocalChange } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { connectNode } from '@tidings/client/node';
import { ServerProcess } from '../../tests/support/server-process.ts';
import { Latencies } from '../latencies.ts';
import type { Citizen } from '../population.ts';
import type { WorkloadResult } from '../results.ts';
import { Town } from '../town.ts';

const chats = 200;
const perChat = 50;
const waiting = 500;
const rounds = 15;

/** What waits for a device: 500 messages in one chat, and 10,000 over 200 chats into an engine that holds nothing. */
export async function catchingUp(): Promise<WorkloadResult> {
  await using town = await Town.found();
  const readers = await town.people(rounds);
  const fresh = await town.people(rounds);
  const senders = await town.people(chats);
  const one = await Promise.all(readers.map((reader) => town.direct(reader, senders[0] as Citizen)));
  const many: ConversationId[] = [];
  for (const reader of fresh) for (const sender of senders) many.push(await town.direct(reader, sender));
  await town.history(
    one.map((id) => ({ id, sender: (senders[0] as Citizen).userId })),
    waiting,
  );
  await town.history(
    many.map((id, at) => ({ id, sender: (senders[at % chats] as Citizen).userId })),
    perChat,
  );
  await town.close();
  await using server = await ServerProcess.start(town.dataDir);

  const single = new Latencies();
  for (const [round, reader] of readers.entries()) {
    const took = await untilHeld(server.url, reader, waiting);
    if (round >= 5) single.add(took.allMs);
  }
  const first = new Latencies();
  const all = new Latencies();
  for (const [round, reader] of fresh.entries()) {
    const took = await untilHeld(server.url, reader, chats * perChat);
    if (round < 5) continue;
    first.add(took.firstMs);
    all.add(took.allMs);
  }
  return {
    workload: 'catching-up',
    figures: [
      {
        name: `${waiting} messages waiting in one chat: connect → all in the store, p50`,
        unit: 'ms',
        value: single.percentiles.p50Ms,
        goal: { atMost: 15 },
      },
      { name: 'the slowest', unit: 'ms', value: single.percentiles.maxMs },
      {
        name: `${chats * perChat} waiting over ${chats} chats, nothing held: first chat's page in the store, p50`,
        unit: 'ms',
        value: first.percentiles.p50Ms,
        goal: { atMost: 300 },
      },
      {
        name: 'everything in the store, p50',
        unit: 'ms',
        value: all.percentiles.p50Ms,
        goal: { atMost: 2_000 },
      },
      { name: 'everything, the slowest', unit: 'ms', value: all.percentiles.maxMs },
    ],
    notes: [
      `a new engine with a store in memory each time, ${rounds - 5} times after 5 that warm up; from the call that connects, handshake included`,
    ],
  };
}

/** Times from connecting a fresh engine until it holds something, and `count` messages. */
async function untilHeld(
  url: string,
  citizen: Citizen,
  count: number,
): Promise<{ readonly firstMs: number; readonly allMs: number }> {
  const held = new Set<string>();
  let firstMs = 0;
  let done = (): void => {};
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const started = performance.now();
  const store = new (class extends MemoryStore {
    override async apply(changes: readonly LocalChange[]): Promise<void> {
      await super.apply(changes);
      for (const change of changes) {
        if (change.type !== 'put-entries') continue;
        for (const { conversationId, seq } of change.entries) held.add(`${conversationId} ${seq}`);
      }
      if (held.size > 0) firstMs ||= performance.now() - started;
      if (held.size >= count) done();
    }
  })();
  const engine = connectNode({ url, session: citizen, store });
  await all;
  const allMs = performance.now() - started;
  await engine.stop();
  return { firstMs, allMs };
}
