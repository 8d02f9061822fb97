import { setTimeout as pause } from 'node:timers/promises';
import { ServerProcess } from '../../tests/support/server-process.ts';
import { BareWs } from '../bare-ws.ts';
import { LightLine, openAll } from '../light-line.ts';
import type { WorkloadResult } from '../results.ts';
import { Town } from '../town.ts';

const idle = 10_000;
const atOnce = 2_000;

/** Many devices: all coming back at once, as after a restart, and then doing nothing. */
export async function connections(): Promise<WorkloadResult> {
  await using town = await Town.found();
  const people = await town.people(idle);
  await town.close();
  await using server = await ServerProcess.start(town.dataDir);
  await using bare = await BareWs.start();
  const warm = await openAll(server.url, people.slice(0, 100));
  for (const line of warm) line.close();

  const before = server.usage();
  const started = performance.now();
  const storm = await Promise.all(
    people.slice(0, atOnce).map(async (citizen) => {
      const line = await LightLine.open(server.url, citizen);
      await line.call('query', 'sync.heads', { limit: 100 });
      return line;
    }),
  );
  const stormSeconds = (performance.now() - started) / 1_000;
  const stormCpu = server.usage().cpuSeconds - before.cpuSeconds;

  const rest = await openAll(server.url, people.slice(atOnce));
  await pause(5_000);
  const bytes = (server.usage().rssBytes - before.rssBytes) / idle;
  const bareBytes = await bare.idleBytes(idle / 2);
  const quiet = server.usage().cpuSeconds;
  await pause(10_000);
  const idleCpu = (server.usage().cpuSeconds - quiet) / 10;
  for (const line of [...storm, ...rest]) line.close();
  return {
    workload: 'connections',
    figures: [
      {
        name: `${atOnce} devices at once: until all are live (hello and heads)`,
        unit: 's',
        value: stormSeconds,
        goal: { atMost: 1 },
      },
      { name: 'server CPU for them', unit: 's', value: stormCpu },
      {
        name: `server memory (RSS) for each of ${idle} idle, subscribed connections`,
        unit: 'bytes',
        value: bytes,
        goal: { atMost: 20_000 },
        bareWs: bareBytes,
      },
      { name: `server CPU with ${idle} idle connections`, unit: 'CPU-s/s', value: idleCpu },
    ],
    notes: [
      'the load generator shares the two cores; its own CPU is not counted as the server’s, but its time passes',
    ],
  };
}
