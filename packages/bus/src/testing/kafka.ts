import { connect } from 'node:net';
import { secureId, systemClock } from '@tidings/api/clock';
import { tcpProxy } from '@tidings/redis/testing/tcp-proxy';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, inject } from 'vitest';
import { KafkaLog } from '../log/kafka.ts';
import type { Log } from '../log/port.ts';

/** Few, so that a test that wants a record in each needs few. */
export const partitions = 4;

/** The brokers, for the tests of a file: topics and groups of their own, gone afterwards, and logs that are stopped. */
export function kafkaOfTests() {
  const prefix = `test-${secureId()}.`;
  const { brokers } = inject('engines').kafka;
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const opened: { stop(): Promise<void> }[] = [];

  function open<T>(options: Partial<ConstructorParameters<typeof KafkaLog>[0]> = {}): KafkaLog<T> {
    const log = new KafkaLog<T>({ brokers, clock: systemClock, prefix, ...options });
    opened.push(log);
    return log;
  }
  /** A log on a line that the test can cut, whatever address the brokers name. */
  async function openThroughProxy<T>() {
    const [host = '', port] = (brokers[0] ?? '').split(':');
    const proxy = await tcpProxy({ host, port: Number(port) });
    const log = open<T>({
      socketFactory: ({ onConnect }) => connect({ host: '127.0.0.1', port: proxy.port }, onConnect),
    });
    return { proxy, log };
  }
  afterAll(async () => {
    await Promise.all(opened.map((log) => log.stop()));
    await admin.connect();
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    const { groups } = await admin.listGroups();
    const own = groups.map(({ groupId }) => groupId).filter((group) => group.startsWith(prefix));
    // A consumer that was cut off is a member until its session ends; its group then expires by itself.
    await admin.deleteGroups(own).catch(() => {});
    await admin.disconnect();
  });
  return { prefix, kafka, open, openThroughProxy };
}

export const planOf = (topic: string) => ({ topic, partitions, retentionMs: 600_000 });

/** Makes each topic when it is first consumed, since a suite takes any name. */
export function withTopics<T>(log: KafkaLog<T>): Log<T> {
  return {
    produce: (topic, records) => log.produce(topic, records),
    async consume(topic, group, handle) {
      await log.makeTopics([planOf(topic)]);
      return log.consume(topic, group, handle);
    },
  };
}
