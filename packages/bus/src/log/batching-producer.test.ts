import { expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { BatchingProducer, type TopicRecords } from './batching-producer.ts';

/** A producer whose broker answers when the test says so. */
function producerOfTests() {
  const clock = new ManualClock();
  const sent: string[][] = [];
  const answers: { readonly take: () => void; readonly refuse: () => void }[] = [];
  const producer = new BatchingProducer(clock, (batch) => {
    sent.push(batch.flatMap(({ records }) => records.map(({ value }) => value)));
    return new Promise((resolve, reject) =>
      answers.push({ take: resolve, refuse: () => reject(new Error('away')) }),
    );
  });
  return { clock, sent, answers, producer };
}
const one = (value: string): TopicRecords => ({ topic: 'topic', records: [{ key: 'key', value }] });
const many = (count: number): TopicRecords => ({
  topic: 'topic',
  records: Array.from({ length: count }, () => ({ key: 'key', value: '' })),
});
const outcome = (produced: Promise<void>) =>
  produced.then(
    () => 'taken',
    (error: { code: string }) => error.code,
  );

test('what is produced in a tick is sent together, and what comes meanwhile afterwards', async () => {
  const { clock, sent, answers, producer } = producerOfTests();
  const first = [producer.produce(one('a')), producer.produce(one('b'))];
  await clock.pass(1);
  const later = ['c', 'd'].map((value) => producer.produce(one(value)));
  await clock.pass(1);
  expect(sent).toEqual([['a', 'b']]);
  answers[0]?.take();
  await Promise.all(first);
  expect(sent).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  answers[1]?.take();
  await Promise.all(later);
  await producer.drain();
});

test('a batch that is refused concerns those in it only', async () => {
  const { clock, answers, producer } = producerOfTests();
  const first = outcome(producer.produce(one('a')));
  await clock.pass(1);
  const second = outcome(producer.produce(one('b')));
  answers[0]?.refuse();
  expect(await first).toBe('unavailable');
  answers[1]?.take();
  expect(await second).toBe('taken');
});

test('a broker that says nothing is unavailable after 5 s, and nothing overtakes what it has', async () => {
  const { clock, sent, answers, producer } = producerOfTests();
  const [first, second] = [outcome(producer.produce(one('a'))), outcome(producer.produce(one('b')))];
  await clock.pass(1);
  const third = outcome(producer.produce(one('c')));
  await clock.pass(5_000);
  expect(await Promise.all([first, second, third])).toEqual(Array(3).fill('unavailable'));
  expect(sent).toEqual([['a', 'b']]);
  const fourth = outcome(producer.produce(one('d')));
  answers[0]?.take();
  await clock.pass(1);
  answers[1]?.take();
  expect(await fourth).toBe('taken');
});

test('more than 10,000 waiting records are refused', async () => {
  const { clock, answers, producer } = producerOfTests();
  const underWay = producer.produce(one('a'));
  await clock.pass(1);
  const waiting = producer.produce(many(10_000));
  expect(await outcome(producer.produce(one('b')))).toBe('unavailable');
  answers[0]?.take();
  await underWay;
  answers[1]?.take();
  await waiting;
});

test('no batch grows beyond what a broker takes', async () => {
  const { clock, sent, answers, producer } = producerOfTests();
  const produced = ['a', 'b', 'c'].map((letter) => producer.produce(one(letter.repeat(200_000))));
  await clock.pass(1);
  expect(sent.map((batch) => batch.length)).toEqual([2]);
  answers[0]?.take();
  await clock.pass(1);
  expect(sent.map((batch) => batch.length)).toEqual([2, 1]);
  answers[1]?.take();
  await Promise.all(produced);
});
