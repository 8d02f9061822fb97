import { Fan } from '../../fan.ts';
import { Latencies } from '../../latencies.ts';
import { type LightLine, openAll } from '../../light-line.ts';
import type { Citizen } from '../../population.ts';
import type { WorkloadResult } from '../../results.ts';
import { cost } from '../cost.ts';
import { Deployment } from '../deployment.ts';

const members = 1_024;
const handlers = 3;
const rounds = 6;
const messagesOfARound = 25;

/** One group, all members online over three handlers, one message at a time: until the last member has it, and envelopes counted. */
export async function group(folder: string): Promise<WorkloadResult> {
  await using deployment = await Deployment.start(folder, { handlers, groupHandlers: 2 });
  const people = await deployment.population.people(members);
  const conversation = await deployment.population.group('Everybody', people);
  const lines = await openSpread(deployment, people);
  const fan = new Fan(lines, conversation);
  await fan.run(100, 4);
  await acknowledge(lines, conversation, 100);

  const envelopes = () => sumOf(deployment, 'tidings_envelopes_total', 'type="push"');
  const before = { cpu: deployment.cpu(), envelopes: await envelopes() };
  const latencies = new Latencies();
  let wrong = 0;
  let cpu = before.cpu;
  for (let round = 0; round < rounds; round += 1) {
    wrong += (await fan.run(messagesOfARound, 1, latencies)).wrong;
    cpu = deployment.cpu();
    await acknowledge(lines, conversation, 100 + (round + 1) * messagesOfARound);
  }
  const messages = rounds * messagesOfARound;
  const perMessage = ((await envelopes()) - before.envelopes) / messages;
  for (const line of lines) line.close();
  const { p50Ms, p99Ms, maxMs } = latencies.percentiles;
  return {
    workload: 'cluster-group',
    figures: [
      {
        name: `${members} online over ${handlers} handlers: p50 send → at the last member`,
        unit: 'ms',
        value: p50Ms,
        goal: { atMost: 100 },
      },
      { name: 'p99', unit: 'ms', value: p99Ms, goal: { atMost: 100 } },
      { name: 'the slowest message', unit: 'ms', value: maxMs },
      {
        name: 'envelopes per message and handler',
        unit: 'envelopes',
        value: perMessage / handlers,
        goal: { atMost: 1 },
      },
      { name: 'lost or doubled deliveries', unit: 'deliveries', value: wrong, goal: { atMost: 0 } },
      ...cost('a group message', messages, before.cpu, cpu),
    ],
    notes: [
      `one message at a time, in ${rounds} rounds of ${messagesOfARound}; after each round all members acknowledge, which counts in the cost of all rounds but the last`,
    ],
  };
}

/** Each handler has a third. */
async function openSpread(deployment: Deployment, people: readonly Citizen[]): Promise<readonly LightLine[]> {
  const parts = await Promise.all(
    deployment.handlers.map(({ url }, at) =>
      openAll(
        url,
        people.filter((_, index) => index % handlers === at),
        50,
      ),
    ),
  );
  return parts.flat();
}

/** As devices do; who doesn't gets everything again some seconds later. */
async function acknowledge(
  lines: readonly LightLine[],
  conversationId: string,
  delivered: number,
): Promise<void> {
  await Promise.all(
    lines.map((line) =>
      line.call('mutation', 'receipt.mark', { marks: [{ conversationId, delivered, read: 0 }] }),
    ),
  );
}

async function sumOf(deployment: Deployment, metric: string, label: string): Promise<number> {
  const each = await Promise.all(deployment.groupHandlers.map((one) => one.metric(metric, label)));
  return each.reduce((sum, value) => sum + value, 0);
}
