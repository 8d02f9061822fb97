import { type Clock, wait } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { Admin, Kafka } from 'kafkajs';

const patienceMs = 10_000;
const stepMs = 100;

export type TopicPlan = {
  /** Whole, with the log's prefix. */
  readonly topic: string;
  /** So many consumers of a group can share the work. It may grow later; a key's order isn't kept across that. */
  readonly partitions: number;
  /** Copies of each partition; the brokers' default when left out. */
  readonly replicationFactor?: number;
  readonly retentionMs: number;
};

/**
 * Makes the topics that aren't there, and grows those with fewer partitions. May run again, also at the same time. Resolves when
 * they can be used; rejects with `unavailable`.
 */
export async function makeTopics(kafka: Kafka, clock: Clock, plans: readonly TopicPlan[]): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.createTopics({ waitForLeaders: false, topics: plans.map(topicOf) });
    const counts = await partitionCounts(admin, clock, plans);
    const growing = plans
      .filter(({ topic, partitions }) => partitions > (counts.get(topic) ?? 0))
      .map(({ topic, partitions }) => ({ topic, count: partitions }));
    if (growing.length > 0) await admin.createPartitions({ topicPartitions: growing });
  } catch (cause) {
    throw new TidingsError('unavailable', 'Kafka', { cause });
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

/** A topic that was just made is not yet served by the leaders of its partitions: asked for its offsets they say so. */
async function partitionCounts(
  admin: Admin,
  clock: Clock,
  plans: readonly TopicPlan[],
): Promise<ReadonlyMap<string, number>> {
  const countOf = async ({ topic }: TopicPlan) =>
    [topic, (await admin.fetchTopicOffsets(topic)).length] as const;
  for (let waitedMs = 0; ; waitedMs += stepMs) {
    try {
      return new Map(await Promise.all(plans.map(countOf)));
    } catch (error) {
      if (waitedMs >= patienceMs) throw error;
    }
    await wait(clock, stepMs);
  }
}

const topicOf = ({ topic, partitions, replicationFactor = -1, retentionMs }: TopicPlan) => ({
  topic,
  numPartitions: partitions,
  replicationFactor,
  configEntries: [{ name: 'retention.ms', value: String(retentionMs) }],
});
