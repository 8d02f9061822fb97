import { ServerProcess } from '../../tests/support/server-process.ts';
import { BareWs } from '../bare-ws.ts';
import { Fan } from '../fan.ts';
import { openAll } from '../light-line.ts';
import type { WorkloadResult } from '../results.ts';
import { Town } from '../town.ts';

const members = 256;

/** One group, all members online: deliveries per CPU-second of the server, sent one by one and several under way. */
export async function group(): Promise<WorkloadResult> {
  await using town = await Town.found();
  const people = await town.people(members);
  const conversationId = await town.group('Everybody', people);
  await town.close();
  await using server = await ServerProcess.start(town.dataDir);
  const lines = await openAll(server.url, people);
  const fan = new Fan(lines, conversationId);
  await fan.run(200, 8);
  const before = server.usage().cpuSeconds;
  const alone = await fan.run(400, 1);
  const between = server.usage().cpuSeconds;
  const several = await fan.run(1_500, 16);
  const after = server.usage().cpuSeconds;
  for (const line of lines) line.close();
  await using bare = await BareWs.start();
  const ceiling = await bare.fanOut(members, 500);
  return {
    workload: 'group',
    figures: [
      {
        name: `deliveries per server CPU-second, ${members} online, 16 messages under way`,
        unit: 'deliveries/CPU-s',
        value: several.deliveries / (after - between),
        goal: { atLeast: 60_000 },
        bareWs: ceiling,
      },
      {
        name: 'the same, one message at a time',
        unit: 'deliveries/CPU-s',
        value: alone.deliveries / (between - before),
      },
      { name: 'one at a time: p50 send → at the last member', unit: 'ms', value: alone.p50Ms },
      { name: 'one at a time: p99', unit: 'ms', value: alone.p99Ms },
      {
        name: 'lost or doubled deliveries',
        unit: 'deliveries',
        value: alone.wrong + several.wrong,
        goal: { atMost: 0 },
      },
    ],
    notes: ['stored durably before it is delivered; bare ws stores nothing'],
  };
}
