import { setTimeout as pause } from 'node:timers/promises';
import { atFixedRate, couples, flatOut, Pair } from '../../pairs.ts';
import type { Figure, WorkloadResult } from '../../results.ts';
import { cost, idle } from '../cost.ts';
import { Deployment } from '../deployment.ts';

const pairs = 50;
/** Cassandra's compiler is through with the paths of a message after about this long; before, a message costs it two and a half times as much. */
const warmUpMs = 45_000;

/**
 * One-to-one between two handlers: each pair has one end at each. Latency and cost are those of the embedded workload: a message is
 * stored, delivered, and its delivered *and* read marks are stored and told to the sender.
 */
export async function direct(folder: string): Promise<WorkloadResult> {
  await using deployment = await Deployment.start(folder, { handlers: 2, groupHandlers: 1 });
  const people = await couples(deployment.population, pairs);
  const lines = await Promise.all(
    people.map((couple) => Pair.open(couple, deployment.urlOf(0), deployment.urlOf(1))),
  );
  await flatOut(lines, warmUpMs);
  const resting = deployment.cpu();
  await pause(5_000);
  const rested = deployment.cpu();
  const at200 = await atFixedRate(lines, 200, 20);
  const steady = deployment.cpu();
  const full = await flatOut(lines, 8_000);
  const after = deployment.cpu();
  await Promise.all(lines.map((line) => line.close()));
  return {
    workload: 'cluster-direct',
    figures: [
      {
        name: '200 msg/s: p50 send → in the recipient’s store, at another handler',
        unit: 'ms',
        value: at200.p50Ms,
        goal: { atMost: 15 },
      },
      { name: '200 msg/s: p99', unit: 'ms', value: at200.p99Ms, goal: { atMost: 60 } },
      {
        name: 'lost or doubled',
        unit: 'messages',
        value: at200.wrong + full.wrong,
        goal: { atMost: 0 },
      },
      ...withGoals(cost('at full speed', full.messages, steady, after)),
      { name: 'at full speed', unit: 'msg/s', value: full.messages / full.seconds },
      ...cost('at 200 msg/s', at200.messages, rested, steady),
      ...idle(5, resting, rested),
    ],
    notes: [
      `${pairs} pairs of engines; two handlers, reached without a proxy; “everything” is handlers, group handler and every engine, with MariaDB's replica`,
      'at full speed 20 messages of each pair are under way, so those of one conversation share a conditional write',
    ],
  };
}

/** The first two: of everything, and of the handlers. */
const withGoals = ([all, handlers, ...rest]: readonly Figure[]): readonly Figure[] => [
  { ...(all as Figure), goal: { atLeast: 500 } },
  { ...(handlers as Figure), goal: { atLeast: 2_500 } },
  ...rest,
];
