import { atFixedRate, couples, Pair, type Run } from '../../pairs.ts';
import type { WorkloadResult } from '../../results.ts';
import { Crowd } from '../crowd.ts';
import type { Member } from '../crowd-process.ts';
import { Deployment } from '../deployment.ts';

const clients = 5_000;
const misses = 20;
const pairs = 20;
const perSecond = 50;
const seconds = 12;

/**
 * A handler with 5,000 devices is killed with SIGKILL, when each of them misses 20 messages that it wasn't told of. They come back to
 * the two other handlers; meanwhile others chat there.
 */
export async function storm(folder: string): Promise<WorkloadResult> {
  await using deployment = await Deployment.start(folder, { handlers: 3, groupHandlers: 1 });
  const [first, second, third] = [0, 1, 2].map((at) => deployment.urlOf(at)) as [string, string, string];
  const bystanders = await Promise.all(
    (await couples(deployment.population, pairs)).map((couple) => Pair.open(couple, first, second)),
  );
  const members = await makeMembers(deployment);
  await using crowd = await Crowd.gather({ members, home: third, others: [first, second], misses });
  await atFixedRate(bystanders, 100, 10);
  const before = await atFixedRate(bystanders, perSecond, seconds);

  const chatting = atFixedRate(bystanders, perSecond, seconds);
  const killedAt = Date.now();
  deployment.handlers[2]?.signal('SIGKILL');
  const tookSeconds = ((await crowd.caughtUp()) - killedAt) / 1_000;
  const during = await chatting;
  await Promise.all(bystanders.map((line) => line.close()));
  return {
    workload: 'cluster-storm',
    figures: [
      {
        name: `${clients} devices lose their handler: until each has the ${misses} messages that it missed`,
        unit: 's',
        value: tookSeconds,
        goal: { atMost: 10 },
      },
      ...others(before, during),
    ],
    notes: [
      `${perSecond} msg/s among ${pairs} others, both ends at the handlers that live; over ${seconds} s that begin with the kill, and before`,
      'the 5,000 devices are in a process of their own, which shares the two cores',
    ],
  };
}

/** Each with one conversation whose messages lie in the log already: no handler has told the device of them. */
async function makeMembers(deployment: Deployment): Promise<readonly Member[]> {
  const made = await couples(deployment.population, clients);
  await deployment.history(
    made.map(({ ann, conversation }) => ({ id: conversation, sender: ann.userId })),
    misses,
  );
  return made.map(({ ben, conversation }) => ({ citizen: ben, conversation }));
}

function others(before: Run, during: Run) {
  return [
    { name: 'others before it: p50', unit: 'ms', value: before.p50Ms },
    { name: 'others before it: p99', unit: 'ms', value: before.p99Ms },
    { name: 'others meanwhile: p50', unit: 'ms', value: during.p50Ms },
    { name: 'others meanwhile: p99', unit: 'ms', value: during.p99Ms, goal: { atMost: 2 * before.p99Ms } },
    { name: 'lost or doubled', unit: 'messages', value: before.wrong + during.wrong, goal: { atMost: 0 } },
  ];
}
