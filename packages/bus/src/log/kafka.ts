import type { Clock, Running } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { type ISocketFactory, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { BatchingProducer, type TopicRecords } from './batching-producer.ts';
import { KafkaConsumer } from './kafka-consumer.ts';
import { makeTopics, type TopicPlan } from './kafka-topics.ts';
import type { Log, LogRecord } from './port.ts';

export type KafkaOptions = {
  /** `host:port` of some brokers; the others are learnt from them. */
  readonly brokers: readonly string[];
  readonly clock: Clock;
  /** Told of what goes wrong behind the callers' backs; it mends itself. */
  readonly onTrouble?: (error: unknown) => void;
  /** Before the names of topics and groups. */
  readonly prefix?: string;
  /** Another way to the brokers than a plain connection. */
  readonly socketFactory?: ISocketFactory;
};

const retry = { initialRetryTime: 100, multiplier: 2, maxRetryTime: 1_000 };
/** Short enough for {@link BatchingProducer}'s answer in time; a batch that is sent twice is at least once. */
const hasty = { connectionTimeout: 1_000, requestTimeout: 3_000, retry: { ...retry, retries: 3 } };
/**
 * Nobody waits for a consumer's requests, and one that gives up joins anew, which stops the whole group for a moment: on a busy machine
 * that would go on and on. What takes longer than this has cost the consumer its partitions anyway.
 */
const patient = { connectionTimeout: 3_000, requestTimeout: 6_000, retry: { ...retry, retries: 8 } };

/**
 * The log of many processes.
 *
 * | topic, behind the prefix | what | lives |
 * |---|---|---|
 * | whatever is produced to, made by {@link KafkaLog.makeTopics} | key: the record's key, by which the partition is chosen; value: JSON | as long as the plan says |
 *
 * Consumer groups (`<prefix><topic>.<group>`) keep their offsets in Kafka and commit them after a batch was handled. A group that
 * has none begins with the oldest record that is kept. The producer is not idempotent: it would protect one session only, and can get stuck for good.
 */
export class KafkaLog<T> implements Log<T>, Running {
  readonly #options: KafkaOptions;
  readonly #kafka: Kafka;
  readonly #consuming: Kafka;
  readonly #prefix: string;
  readonly #producer: Producer;
  readonly #batches: BatchingProducer;
  readonly #consumers = new Set<KafkaConsumer<T>>();
  #connecting: Promise<void> | null = null;

  constructor(options: KafkaOptions) {
    this.#options = options;
    this.#prefix = options.prefix ?? 'tidings.';
    const common = {
      clientId: 'tidings',
      brokers: [...options.brokers],
      logLevel: logLevel.NOTHING,
      ...(options.socketFactory ? { socketFactory: options.socketFactory } : {}),
    };
    this.#kafka = new Kafka({ ...common, ...hasty });
    this.#consuming = new Kafka({ ...common, ...patient });
    this.#producer = this.#kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    this.#batches = new BatchingProducer(options.clock, (batch) => this.#send(batch));
  }

  /** For the migration; plans name topics as `produce` does. Rejects with `unavailable`. */
  makeTopics(plans: readonly TopicPlan[]): Promise<void> {
    const prefixed = plans.map((plan) => ({ ...plan, topic: this.#prefix + plan.topic }));
    return makeTopics(this.#kafka, this.#options.clock, prefixed);
  }

  produce(topic: string, records: readonly LogRecord<T>[]): Promise<void> {
    const encoded = records.map(({ key, value }) => ({ key, value: JSON.stringify(value) }));
    return this.#batches.produce({ topic: this.#prefix + topic, records: encoded });
  }

  /** Rejects with `unavailable` when no broker answers now, or the topic isn't there. */
  async consume(
    topic: string,
    group: string,
    handle: (records: readonly LogRecord<T>[]) => Promise<void>,
  ): Promise<() => Promise<void>> {
    const consumer = new KafkaConsumer<T>(this.#consuming, {
      topic: this.#prefix + topic,
      // Members of one group in Kafka all have to want the same topics.
      group: `${this.#prefix}${topic}.${group}`,
      handle,
      clock: this.#options.clock,
      onTrouble: this.#options.onTrouble ?? (() => {}),
    });
    this.#consumers.add(consumer);
    const end = async () => {
      await consumer.stop();
      this.#consumers.delete(consumer);
    };
    try {
      await consumer.start();
      return end;
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** Rejects with `unavailable` when no broker answers. */
  async ping(): Promise<void> {
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      await admin.describeCluster();
    } catch (cause) {
      throw new TidingsError('unavailable', 'Kafka', { cause });
    } finally {
      await admin.disconnect().catch(() => {});
    }
  }

  /** Resolves when what was produced is with the broker, or refused. */
  drain(): Promise<void> {
    return this.#batches.drain();
  }

  /** Ends all consumers once they have handled what they have in hand. */
  async stop(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    this.#consumers.clear();
    await this.drain();
    await this.#producer.disconnect().catch(() => {});
  }

  async #send(batch: readonly TopicRecords[]): Promise<void> {
    this.#connecting ??= this.#producer.connect();
    try {
      await this.#connecting;
    } catch (error) {
      this.#connecting = null;
      throw error;
    }
    await this.#producer.sendBatch({ topicMessages: byTopic(batch) });
  }
}

function byTopic(batch: readonly TopicRecords[]) {
  const found = new Map<string, { topic: string; messages: TopicRecords['records'][number][] }>();
  for (const { topic, records } of batch) {
    const same = found.get(topic) ?? { topic, messages: [] };
    same.messages.push(...records);
    found.set(topic, same);
  }
  return [...found.values()];
}
