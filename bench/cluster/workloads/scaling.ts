import { cpus } from 'node:os';
import { couples, flatOut, Pair } from '../../pairs.ts';
import type { Figure, WorkloadResult } from '../../results.ts';
import { Deployment } from '../deployment.ts';
import { difference, total } from '../engine-processes.ts';

const pairs = 48;
const messages = 6_000;

/** The same load at full speed with 1, 2 and 4 handlers on the same engines, and where the machine's time goes. */
export async function scaling(folder: string): Promise<WorkloadResult> {
  const figures: Figure[] = [];
  for (const handlers of [1, 2, 4]) figures.push(...(await withHandlers(folder, handlers)));
  return {
    workload: 'cluster-scaling',
    figures,
    notes: [
      `shares are of the ${cpus().length} cores; what is missing to 1 is other processes of the machine, the kernel and waiting`,
    ],
  };
}

async function withHandlers(folder: string, handlers: number): Promise<readonly Figure[]> {
  await using deployment = await Deployment.start(folder, { handlers, groupHandlers: 1 });
  const people = await couples(deployment.population, pairs);
  const lines = await Promise.all(
    people.map((couple, at) => Pair.open(couple, deployment.urlOf(at), deployment.urlOf(at + 1))),
  );
  await flatOut(lines, messages / 2);
  const [before, ownBefore] = [deployment.cpu(), process.cpuUsage()];
  const run = await flatOut(lines, messages);
  const own = process.cpuUsage(ownBefore);
  const used = difference(deployment.cpu(), before);
  await Promise.all(lines.map((line) => line.close()));
  const available = run.seconds * cpus().length;
  const share = (name: string, seconds: number): Figure => ({
    name: `${handlers} handler(s): share of ${name}`,
    unit: 'of all cores',
    value: seconds / available,
  });
  return [
    {
      name: `${handlers} handler(s): messages with both marks`,
      unit: 'msg/s',
      value: run.messages / run.seconds,
    },
    {
      name: `${handlers} handler(s): per CPU-second of everything`,
      unit: 'msg/CPU-s',
      value: run.messages / total(used),
    },
    {
      name: `${handlers} handler(s): a handler on average`,
      unit: 'of a core',
      value: (used.get('handlers') ?? 0) / handlers / run.seconds,
    },
    ...[...used].map(([name, seconds]) => share(name, seconds)),
    share('the load generator', (own.user + own.system) / 1e6),
  ];
}
