import { randomBytes } from 'node:crypto';
import { secureId, systemClock } from '@tidings/api/clock';
import { type UserId, userId } from '@tidings/api/ids';
import type { LastSeenStore } from '@tidings/db/last-seen/port';
import { RedisLastSeenStore } from '@tidings/db/last-seen/redis';
import { closeRedis, connectRedis } from '@tidings/redis/connection';
import { Latencies } from '../latencies.ts';
import type { Figure, WorkloadResult } from '../results.ts';

const userCount = 100_000;
/** Users in one command while the keys are written and removed. */
const perCommand = 1_000;
const rounds = { warmUp: 5, measured: 40 } as const;
const goalMs = 50;

/**
 * Reads when 100,000 users were last seen in one call, as for the longest of chat lists, from the Redis at `url`; and as many in calls of
 * 100, as chat lists are. Works under a prefix of its own, which it removes.
 */
export async function lastSeen(url: string): Promise<WorkloadResult> {
  const redis = await connectRedis(url, () => {});
  const prefix = `bench:${randomBytes(6).toString('hex')}:`;
  const users = Array.from({ length: userCount }, () => userId(secureId()));
  const chunks = chunksOf(users);
  const store = new RedisLastSeenStore({ redis, clock: systemClock, behind: nothingBehind, prefix });
  try {
    const now = Date.now();
    for (const some of chunks) await redis.mset(some.flatMap((user) => [prefix + user, now]));
    const all = await timed(() => store.read(users));
    const page = users.slice(0, 100);
    const few = await timed(() => store.read(page));
    return {
      workload: 'last-seen',
      figures: [
        ...figuresOf(`${userCount.toLocaleString('en')} users in one call`, all, goalMs),
        ...figuresOf(`${page.length} users in one call`, few),
      ],
    };
  } finally {
    for (const some of chunks) await redis.unlink(some.map((user) => prefix + user));
    await store.stop();
    await closeRedis(redis);
  }
}

/** Redis knows everybody here: who asks the store behind measures something else. */
const nothingBehind: LastSeenStore = {
  touch: () => Promise.reject(new Error('nothing is written behind')),
  read: () => Promise.reject(new Error('nothing is read from behind')),
};

async function timed(read: () => Promise<readonly unknown[]>): Promise<Latencies> {
  const latencies = new Latencies();
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const start = performance.now();
    const times = await read();
    const ms = performance.now() - start;
    if (times.includes(null)) throw new Error('somebody was not found');
    if (round >= 0) latencies.add(ms);
  }
  return latencies;
}

function figuresOf(name: string, { percentiles }: Latencies, atMost?: number): Figure[] {
  const { p50Ms, p99Ms } = percentiles;
  const goal = atMost === undefined ? {} : { goal: { atMost } };
  return [
    { name: `${name}, p50`, unit: 'ms', value: p50Ms, ...goal },
    { name: `${name}, p99`, unit: 'ms', value: p99Ms },
  ];
}

const chunksOf = (users: readonly UserId[]): UserId[][] =>
  Array.from({ length: users.length / perCommand }, (_, at) =>
    users.slice(at * perCommand, (at + 1) * perCommand),
  );
