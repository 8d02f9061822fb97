import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { type Event, expectedMinutes } from './expected-minutes.ts';
import { findJob, type Row, SparkJob } from './spark-job.ts';

const topic = `test-${process.pid}-${Date.now()}.events`;
const partitions = 3;
const minuteMs = 60_000;
/** Noon of a date that is over, so that it can be compacted. */
const start = Math.floor(Date.now() / 86_400_000 - 1) * 86_400_000 + 12 * 3_600_000;
const patience = { timeout: 90_000, interval: 100 };
/** So few that catching up takes many batches, and a kill falls into the middle of them. */
const slowly = ['--trigger-seconds', '0', '--max-per-batch', '150'];

const found = await findJob();
if ('whyNot' in found)
  console.warn(`\n\n  THE TESTS OF THE SPARK JOB ARE SKIPPED: it can't be run here.\n  ${found.whyNot}\n`);

let admin: Admin;
let producer: Producer;
let folder: string;
let job: SparkJob;
let brokers: string;

beforeAll(async () => {
  brokers = inject('engines').kafka.brokers.join(',');
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  [admin, producer] = [kafka.admin(), kafka.producer()];
  folder = await mkdtemp(join(tmpdir(), 'tidings-analytics-'));
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] });
});

afterAll(async () => {
  await job?.kill();
  await admin.deleteTopics({ topics: [topic] });
  await Promise.all([admin.disconnect(), producer.disconnect()]);
  await rm(folder, { recursive: true, force: true });
});

/** One of each type in turn, over ten minutes, by twenty people. */
function eventAt(index: number, at: number): Event {
  const of = { v: 1, at, user: `user-${String(index % 20).padStart(17, '0')}` } as const;
  const types: readonly Event[] = [
    { ...of, type: 'message', kind: index % 35 === 0 ? 'edit' : 'message', fanOut: index % 250 },
    { ...of, type: 'delivered', count: 1 + (index % 3), latencyMs: index % 977 },
    { ...of, type: 'read', count: 1 + (index % 2) },
    { ...of, type: 'connected' },
    { ...of, type: 'upload', bytes: 1000 + index },
    { ...of, type: 'failure', code: index % 2 === 0 ? 'unavailable' : 'too-large' },
    { ...of, type: 'delivered', count: 1 },
  ];
  return types[index % types.length] as Event;
}

const corrupt = [
  '{"v":1,"type":"mess',
  'not JSON',
  '',
  '[]',
  JSON.stringify({ ...eventAt(0, start), v: 2 }),
  JSON.stringify({ v: 1, type: 'message' }),
  JSON.stringify(eventAt(0, Date.now() + 3_600_000)),
];

async function produce(values: readonly string[]): Promise<void> {
  const messages = values.map((value, index) => ({ value, partition: index % partitions }));
  await producer.send({ topic, messages });
}

async function recordsInKafka(): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.reduce((all, { high, low }) => all + Number(high) - Number(low), 0);
}

const place = (row: Row): string => `${row['partition']}/${row['offset']}`;
const written = async () => (await Promise.all([job.rows('events'), job.rows('corrupt')])).flat();

/** As when the job died after it had written the newest batch, and before it had noted that. */
async function forgetLastCommit(query: string): Promise<void> {
  const commits = join(folder, '_checkpoint', query, 'commits');
  const last = Math.max(...(await readdir(commits)).filter((name) => /^\d+$/.test(name)).map(Number));
  await Promise.all([rm(join(commits, String(last))), rm(join(commits, `.${last}.crc`), { force: true })]);
}

test.skipIf('whyNot' in found)(
  'SPARK1 SPARK2 SPARK3 SPARK4 killed and started again, the job writes every record and every minute once',
  { timeout: 180_000 },
  async ({ onTestFailed }) => {
    job = new SparkJob('command' in found ? found.command : [], folder, { brokers, topic });
    onTestFailed(() => console.error(job.words));
    const events = Array.from({ length: 3_000 }, (_, index) => eventAt(index, start + index * 200));
    const values = events.map((event) => JSON.stringify(event));
    for (const [index, value] of corrupt.entries()) values.splice(100 + index * 400, 0, value);
    await produce(values);

    // In mid-run: something is written, and far from everything.
    job.start(...slowly);
    await vi.waitFor(async () => expect((await job.files('events')).length).toBeGreaterThan(3), patience);
    expect(await job.kill()).toBe(true);
    expect((await written()).length).toBeLessThan(values.length);
    await forgetLastCommit('raw');

    job.start(...slowly);
    await vi.waitFor(async () => expect((await written()).length).toBe(values.length), patience);
    // An event half an hour later closes the minutes before it.
    const [closing, last] = [30, 60].map((minutes) => eventAt(3, start + minutes * minuteMs)) as [
      Event,
      Event,
    ];
    await produce([JSON.stringify(closing)]);
    await vi.waitFor(async () => expect((await job.rows('minutes')).length).toBe(10), patience);
    expect(await job.kill()).toBe(true);
    await forgetLastCommit('minutes');

    // Beyond the lateness: kept as an event, and in no minute that is closed.
    job.start(...slowly);
    await produce([JSON.stringify(eventAt(0, start))]);
    await vi.waitFor(async () => expect((await written()).length).toBe(values.length + 2), patience);
    await produce([JSON.stringify(last)]);
    await vi.waitFor(async () => {
      expect((await written()).length).toBe(values.length + 3);
      expect((await job.rows('minutes')).length).toBe(11);
    }, patience);
    expect(await job.kill()).toBe(true);

    const rows = await written();
    expect(rows.length).toBe(await recordsInKafka());
    expect(new Set(rows.map(place)).size).toBe(rows.length);
    const broken = await job.rows('corrupt');
    const texts = broken.map(({ value }) => Buffer.from(value as Uint8Array).toString());
    expect(texts.sort()).toEqual(corrupt.toSorted());
    await expectMinutes([...events, closing]);

    expect(await job.once('verify')).toBe(0);
    expect(await job.once('compact')).toBe(0);
    expect((await job.files('events')).length).toBe(1);
    expect((await job.files('minutes')).length).toBe(1);
    expect(new Set((await written()).map(place))).toEqual(new Set(rows.map(place)));
    expect((await written()).length).toBe(rows.length);
    await expectMinutes([...events, closing]);

    const [file = ''] = await job.files('events');
    await rm(file);
    expect(await job.once('verify'), 'a file that is missing is noticed').toBe(1);
  },
);

async function expectMinutes(events: readonly Event[]): Promise<void> {
  const minutes = await job.rows('minutes');
  const sums = minutes.map(({ minute, ...columns }) => [Number(minute), plain(columns)] as const);
  expect(sums.length).toBe(expectedMinutes(events).size);
  expect(new Map(sums)).toEqual(expectedMinutes(events));
}

/** hyparquet gives longs as bigint, and maps as lists of pairs or objects. */
function plain(columns: Row): object {
  // A thousandth is more than percentiles say; behind it the order of additions shows.
  const number = (value: unknown) => (value === null ? null : Math.round(Number(value) * 1000) / 1000);
  const entries = Object.entries(columns).map(([name, value]) => [
    name,
    name === 'messages' || name === 'errors' ? mapOf(value) : number(value),
  ]);
  return Object.fromEntries(entries);
}

function mapOf(value: unknown): Record<string, number> {
  const pairs = Array.isArray(value)
    ? (value as { key: string; value: unknown }[]).map(({ key, value }) => [key, Number(value)])
    : Object.entries(value as object).map(([key, count]) => [key, Number(count)]);
  return Object.fromEntries(pairs);
}
