import { secureId } from '@tidings/api/clock';
import { pass } from '@tidings/redis/testing/redis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { kafkaOfTests, partitions, planOf, withTopics } from '../testing/kafka.ts';
import { describeLog } from './contract.ts';
import type { KafkaLog } from './kafka.ts';
import type { LogRecord } from './port.ts';

const { prefix, kafka, open, openThroughProxy } = kafkaOfTests();

describeLog('Kafka', { open: async () => withTopics(open()), pass });

const patience = { timeout: 40_000, interval: 50 };

type Numbers = readonly LogRecord<number>[];

async function someTopic(): Promise<string> {
  const topic = secureId();
  await open().makeTopics([planOf(topic)]);
  return topic;
}

/** Consumes and remembers, until the test is over. */
async function collect(log: KafkaLog<number>, topic: string, group: string) {
  const records: LogRecord<number>[] = [];
  const end = await log.consume(topic, group, async (batch) => {
    records.push(...batch);
  });
  onTestFinished(end);
  return { records, end };
}

const keys = Array.from({ length: 12 }, (_, n) => `key ${n}`);
/** One record of each key. */
const round = (value: number): Numbers => keys.map((key) => ({ key, value }));

function byKey(records: Numbers): ReadonlyMap<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { key, value } of records) found.set(key, [...(found.get(key) ?? []), value]);
  return found;
}

/** Delivery is at least once, so there may be more. */
const everyKey = (records: Numbers) =>
  vi.waitFor(() => expect(byKey(records).size).toBe(keys.length), patience);

test('what a consumer had in hand when it was cut off for good goes to another', async () => {
  const [topic, group] = [await someTopic(), secureId()];
  const { proxy, log } = await openThroughProxy<number>();
  let held = 0;
  const { promise: forLong, resolve: release } = Promise.withResolvers<void>();
  await log.consume(topic, group, (batch) => {
    held += batch.length;
    return forLong;
  });
  onTestFinished(() => release());
  await open<number>().produce(topic, round(1));
  await vi.waitFor(() => expect(held).toBeGreaterThan(0), patience);
  proxy.cut();
  const { records } = await collect(open(), topic, group);
  await everyKey(records);
});

test('what was handled is committed: the next consumer goes on behind it', async () => {
  const [topic, group, log] = [await someTopic(), secureId(), open<number>()];
  const first = await collect(log, topic, group);
  await log.produce(topic, round(1));
  await everyKey(first.records);
  await first.end();
  await log.produce(topic, round(2));
  const second = await collect(open(), topic, group);
  await everyKey(second.records);
  expect(second.records.every(({ value }) => value === 2)).toBe(true);
});

test('consumers that come and go under load leave no record out, and keep the order of each key', async () => {
  const [topic, group, log] = [await someTopic(), secureId(), open<number>()];
  const all: LogRecord<number>[] = [];
  const join = () =>
    open<number>().consume(topic, group, async (batch) => {
      await new Promise(setImmediate);
      all.push(...batch);
    });
  const ends = [await join()];
  const [rounds, every] = [60, 15];
  for (let n = 1; n <= rounds; n += 1) {
    await log.produce(topic, round(n));
    if (n % every === 0) ends.push(await join());
    if (n % (2 * every) === 0) await ends.shift()?.();
  }
  const complete = Array.from({ length: rounds }, (_, n) => n + 1);
  await vi.waitFor(() => {
    const seen = [...byKey(all).values()];
    expect(seen).toHaveLength(keys.length);
    for (const values of seen) expect([...new Set(values)]).toEqual(complete);
  }, patience);
  await Promise.all(ends.map((end) => end()));
});

test('without a broker producing is unavailable; when it is back, consumers go on by themselves', async () => {
  const [topic, group] = [await someTopic(), secureId()];
  const { proxy, log } = await openThroughProxy<number>();
  const { records } = await collect(log, topic, group);
  await log.produce(topic, round(1));
  await everyKey(records);
  proxy.cut();
  await expect(log.produce(topic, round(2))).rejects.toMatchObject({ code: 'unavailable' });
  proxy.heal();
  await vi.waitFor(() => log.produce(topic, round(3)), patience);
  await vi.waitFor(() => expect(byKey(records).get('key 0')).toContain(3), patience);
});

test('a broker that swallows everything is unavailable as well, and consumers go on afterwards', async () => {
  const [topic, group] = [await someTopic(), secureId()];
  const { proxy, log } = await openThroughProxy<number>();
  const { records } = await collect(log, topic, group);
  await log.produce(topic, round(1));
  await everyKey(records);
  proxy.hold();
  await expect(log.produce(topic, round(2))).rejects.toMatchObject({ code: 'unavailable' });
  proxy.heal();
  await vi.waitFor(() => log.produce(topic, round(3)), patience);
  await vi.waitFor(() => expect(byKey(records).get('key 0')).toContain(3), patience);
});

test('without a broker, or a topic, nobody can begin to consume', async () => {
  const { proxy, log } = await openThroughProxy<number>();
  const nothing = async () => {};
  await expect(log.consume(secureId(), secureId(), nothing)).rejects.toMatchObject({ code: 'unavailable' });
  proxy.cut();
  await expect(log.consume(await someTopic(), secureId(), nothing)).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('a record that nobody can read is left out, and reported', async () => {
  const topic = await someTopic();
  const trouble: unknown[] = [];
  const log = open<number>({ onTrouble: (error) => trouble.push(error) });
  const producer = kafka.producer({ createPartitioner: () => () => 0 });
  await producer.connect();
  const messages = ['1', 'not JSON', '2'].map((value) => ({ key: 'key', value }));
  await producer.send({ topic: prefix + topic, messages });
  await producer.disconnect();
  const { records } = await collect(log, topic, secureId());
  await vi.waitFor(() => expect(records.map(({ value }) => value)).toEqual([1, 2]), patience);
  expect(trouble).toHaveLength(1);
});

test('topics are made once, grow, and never shrink', async () => {
  const [log, topic] = [open(), secureId()];
  const plan = planOf(topic);
  await Promise.all([log.makeTopics([plan]), open().makeTopics([plan])]);
  await log.makeTopics([plan]);
  await log.makeTopics([{ ...plan, partitions: partitions + 1 }]);
  await log.makeTopics([plan]);
  const admin = kafka.admin();
  await admin.connect();
  onTestFinished(() => admin.disconnect());
  const { topics } = await admin.fetchTopicMetadata({ topics: [prefix + topic] });
  expect(topics[0]?.partitions).toHaveLength(partitions + 1);
});

test('a log that was stopped can be stopped again, and has no consumers any more', async () => {
  const [topic, log] = [await someTopic(), open<number>()];
  const records: LogRecord<number>[] = [];
  await log.consume(topic, 'group', async (batch) => {
    records.push(...batch);
  });
  await log.stop();
  await log.stop();
  await open<number>().produce(topic, round(1));
  const other = await collect(open(), topic, 'group');
  await everyKey(other.records);
  expect(records).toEqual([]);
});
