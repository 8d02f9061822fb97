import { ServerProcess } from '../../tests/support/server-process.ts';
import { BareWs } from '../bare-ws.ts';
import { atFixedRate, couples, flatOut, Pair } from '../pairs.ts';
import type { WorkloadResult } from '../results.ts';
import { Town } from '../town.ts';

const pairs = 50;

/**
 * One-to-one: engines in pairs, each a real client with its outbox, its store and its marks. Latency is from the call of `send`
 * to the entry in the recipient engine's store, at a given rate; cost is the server's CPU for messages that are
 * stored, delivered, and whose delivered *and* read marks are stored and told to the sender.
 */
export async function direct(): Promise<WorkloadResult> {
  await using town = await Town.found();
  const people = await couples(town, pairs);
  await town.close();
  await using server = await ServerProcess.start(town.dataDir);
  await using bare = await BareWs.start();
  const lines = await Promise.all(people.map((couple) => Pair.open(couple, server.url)));
  await atFixedRate(lines, 500, 8); // warms both sides' compilers up
  const at200 = await atFixedRate(lines, 200, 15);
  const before = server.usage().cpuSeconds;
  const at1000 = await atFixedRate(lines, 1_000, 15);
  const between = server.usage().cpuSeconds;
  const cost = await flatOut(lines, 30_000);
  const after = server.usage().cpuSeconds;
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
        value: cost.messages / (after - between),
        goal: { atLeast: 3_000 },
        bareWs: ceiling.at1000.perCpuSecond,
      },
      {
        name: 'the same at 1,000 msg/s',
        unit: 'msg/CPU-s',
        value: at1000.messages / (between - before),
      },
      {
        name: 'messages a second meanwhile (load on the same two cores)',
        unit: 'msg/s',
        value: cost.messages / cost.seconds,
      },
    ],
    notes: [
      `${pairs} pairs of engines; the server's CPU includes its store's thread; bare ws stores nothing and marks nothing`,
    ],
  };
}
