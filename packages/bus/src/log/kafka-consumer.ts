import { type Clock, wait } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { Consumer, Kafka } from 'kafkajs';
import { KafkaHand } from './kafka-hand.ts';
import type { LogRecord } from './port.ts';

/** Who isn't heard of for so long has lost its partitions: others go on with them. */
const sessionTimeoutMs = 6_000;
const heartbeatMs = 1_000;
/** When the partitions are dealt out anew, everybody finishes what they have in hand within this, or loses it to another. */
const rebalanceTimeoutMs = 10_000;
/** A fetch waits for records at most so long, since no heartbeat is sent meanwhile. */
const maxFetchWaitMs = 500;
/** Fetched and not handled yet, at most: the next fetch waits until all of it is handled. */
const maxFetchBytes = 1_000_000;
/** To join may take until somebody has finished a batch: nobody waits longer than this, and it goes on behind their back. */
const joinMs = 5_000;
/** A consumer that did nothing for so long, not even in vain, hangs. */
const silenceMs = 30_000;
const disconnectMs = 5_000;
const replaceMs = { first: 100, most: 5_000 } as const;

export type KafkaConsumerOptions<T> = {
  readonly topic: string;
  readonly group: string;
  readonly handle: (records: readonly LogRecord<T>[]) => Promise<void>;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
};

/**
 * One consumer of a group, for as long as it isn't stopped. The driver's consumer ends for good on some failures and hangs after
 * others, so it is then replaced by a new one. A batch is committed when it was handled (see {@link KafkaHand}).
 */
export class KafkaConsumer<T> {
  readonly #kafka: Kafka;
  readonly #options: KafkaConsumerOptions<T>;
  readonly #hand: KafkaHand<T>;
  #consumer: Consumer | null = null;
  #stopped = false;
  #lastSign = 0;
  #cancelWatch = () => {};
  #joined = () => {};

  constructor(kafka: Kafka, options: KafkaConsumerOptions<T>) {
    this.#kafka = kafka;
    this.#options = options;
    this.#hand = new KafkaHand({ ...options, heartbeatMs });
  }

  /** Resolves when it takes part, or has to wait for others. Rejects with `unavailable`. */
  async start(): Promise<void> {
    const joined = new Promise<void>((resolve) => {
      this.#joined = resolve;
    });
    try {
      await this.#begin();
    } catch (cause) {
      throw new TidingsError('unavailable', this.#options.topic, { cause });
    }
    this.#watch();
    await this.#atMost(joinMs, joined);
  }

  /** Resolves when what is in hand is handled, and its partitions are others'. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelWatch();
    this.#hand.stop();
    await this.#discard();
  }

  async #begin(): Promise<void> {
    const { topic, group } = this.#options;
    const consumer = this.#kafka.consumer({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      maxWaitTimeInMs: maxFetchWaitMs,
      maxBytes: maxFetchBytes,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      // It is replaced instead.
      retry: { restartOnFailure: async () => false },
    });
    this.#consumer = consumer;
    this.#listenTo(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    if (consumer !== this.#consumer) return consumer.disconnect();
    // Resolves when it has joined, which others may put off.
    void consumer
      .run({ eachBatchAutoResolve: false, eachBatch: (payload) => this.#hand.take(payload) })
      .catch((error: unknown) => this.#replace(consumer, error));
  }

  #listenTo(consumer: Consumer): void {
    const { GROUP_JOIN, HEARTBEAT, FETCH, CRASH } = consumer.events;
    const sign = () => {
      this.#lastSign = this.#options.clock.now();
    };
    sign();
    consumer.on(HEARTBEAT, sign);
    consumer.on(FETCH, sign);
    consumer.on(GROUP_JOIN, () => {
      sign();
      this.#hand.joined();
      this.#joined();
    });
    consumer.on(CRASH, ({ payload }) => void this.#replace(consumer, payload.error));
  }

  #watch(): void {
    this.#cancelWatch = this.#options.clock.after(silenceMs / 6, () => {
      const silent = this.#options.clock.now() - this.#lastSign > silenceMs;
      if (silent && this.#consumer) void this.#replace(this.#consumer, new Error('the consumer hangs'));
      this.#watch();
    });
  }

  /** In the place of one that ended for good. Tries until it succeeds; the broker may be away for long. */
  async #replace(broken: Consumer, error: unknown): Promise<void> {
    if (this.#stopped || broken !== this.#consumer) return;
    this.#options.onTrouble(error);
    await this.#discard();
    for (let pauseMs: number = replaceMs.first; !this.#stopped; pauseMs *= 2) {
      await wait(this.#options.clock, Math.min(pauseMs, replaceMs.most));
      if (this.#stopped) return;
      try {
        return await this.#begin();
      } catch (again) {
        this.#options.onTrouble(again);
        await this.#discard();
      }
    }
  }

  /** What it has in hand is finished first: a consumer has one batch at a time, also across a replacement. */
  async #discard(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = null;
    const left = consumer?.disconnect().catch(() => {});
    await this.#hand.empty();
    if (left) await this.#atMost(disconnectMs, left);
  }

  /** What is awaited may go on afterwards. */
  async #atMost(ms: number, awaited: Promise<void>): Promise<void> {
    let cancel = () => {};
    const timeUp = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(ms, resolve);
    });
    await Promise.race([awaited, timeUp]);
    cancel();
  }
}
