import type { Entry } from '@tidings/api/entry';
import { type ConversationId, seq } from '@tidings/api/ids';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import { bucketSize, type MessageStore } from '@tidings/db/message-store/port';
import { openSqliteStoresInProcess } from '@tidings/db/sqlite/stores';
import { entryAt } from '@tidings/db/testing/make';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { someGroup } from '../testing/world.ts';
import { graceMs, LogReader, type Page, type PageQuery } from './log-reader.ts';
import { TailCache } from './tail-cache.ts';

let clock: ManualClock;
let store: MessageStore;
let reader: LogReader;
let group: ConversationId;

beforeEach(() => {
  clock = new ManualClock();
  store = openSqliteStoresInProcess(':memory:', clock).messages;
  reader = readerOf();
  group = someGroup();
});

/** One with an empty cache: what it answers is the store's. */
const readerOf = (dropsBuckets = false) =>
  new LogReader({ messages: store, clock, tails: new TailCache({ maxBytes: 1e7 }) }, { dropsBuckets });

const write = (positions: readonly number[], having: Partial<Entry> = {}) =>
  store.append(positions.map((position) => entryAt(group, position, { sentAt: clock.now(), ...having })));

async function page(having: Partial<PageQuery> = {}, by = reader): Promise<Page> {
  const { seq: head } = await by.head(group);
  return by.page({
    conversation: group,
    first: 1,
    last: head,
    from: 'oldest',
    limit: 1_000,
    maxBytes: 1e7,
    head,
    ...having,
  });
}

const seen = ({ first, last, entries, holeRetryMs }: Page) => ({
  span: [first, last],
  positions: entries.map((entry) => entry.seq),
  holeRetryMs,
});
const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('a page', () => {
  test('from the oldest or the newest end, whole', async () => {
    await write(range(1, 500));
    expect(seen(await page({ limit: 3 }))).toEqual({ span: [1, 3], positions: [1, 2, 3] });
    expect(seen(await page({ limit: 3, from: 'newest' }))).toEqual({
      span: [498, 500],
      positions: [498, 499, 500],
    });
    expect(seen(await page({ first: 10, last: 12 }, readerOf()))).toEqual({
      span: [10, 12],
      positions: [10, 11, 12],
    });
    expect(seen(await page({ limit: 450, from: 'newest' })).positions).toEqual(range(51, 500));
  });

  test('is empty where nothing is', async () => {
    expect(seen(await page())).toEqual({ span: [1, 0], positions: [] });
    await write([1, 2]);
    expect(seen(await page({ first: 3 }))).toEqual({ span: [3, 2], positions: [] });
  });

  test('is cut by bytes at the end that wasn’t asked for first, but never to nothing', async () => {
    await write(range(1, 300), { content: 'x'.repeat(700) });
    expect(seen(await page({ maxBytes: 5_000 }))).toEqual({ span: [1, 5], positions: range(1, 5) });
    expect(seen(await page({ maxBytes: 5_000, from: 'newest' }))).toEqual({
      span: [296, 300],
      positions: range(296, 300),
    });
    expect(seen(await page({ maxBytes: 5 }))).toEqual({ span: [1, 1], positions: [1] });
  });
});

describe('a hole', () => {
  test('LOG5 that is young ends the page before it, and says when to come back', async () => {
    await write([1, 2, 4]);
    await clock.pass(300);
    expect(seen(await page())).toEqual({ span: [1, 2], positions: [1, 2], holeRetryMs: graceMs - 300 });
    expect(seen(await page({ from: 'newest', limit: 2 }))).toEqual({
      span: [3, 2],
      positions: [],
      holeRetryMs: graceMs - 300,
    });
    expect(seen(await page({ first: 3 }))).toEqual({
      span: [3, 2],
      positions: [],
      holeRetryMs: graceMs - 300,
    });
    expect(await store.append([entryAt(group, 3)])).toEqual(['written']);
    expect(seen(await page())).toEqual({ span: [1, 4], positions: [1, 2, 3, 4] });
  });

  test('LOG5 that is young hides what stands above it, from either end', async () => {
    await write([...range(1, 10), ...range(12, 400)]);
    expect(seen(await page({ from: 'newest', limit: 1_000 }))).toMatchObject({
      span: [1, 10],
      holeRetryMs: graceMs,
    });
  });

  test('LOG4 that is old is sealed by whoever meets it, for ever', async () => {
    await write([1, 4]);
    await clock.pass(graceMs);
    const sealed = await page();
    expect(seen(sealed)).toEqual({ span: [1, 4], positions: [1, 2, 3, 4] });
    expect(sealed.entries.map(({ kind }) => kind)).toEqual(['message', 'void', 'void', 'message']);
    expect(await store.append([entryAt(group, 2)])).toEqual(['taken']);
    expect(await page({}, readerOf())).toEqual(sealed);
  });

  test('LOG4 of which the slow writer wins the cell shows what it wrote', async () => {
    await write([1, 3]);
    await clock.pass(graceMs);
    const append = store.append.bind(store);
    store.append = async (entries) => {
      store.append = append;
      await append([entryAt(group, 2, { content: 'slow' })]);
      return append(entries);
    };
    expect((await page()).entries[1]).toMatchObject({ kind: 'message', content: 'slow' });
  });

  test('LOG4 under a clock that is ahead is sealed as soon as it was met long enough ago', async () => {
    await write([1, 3], { sentAt: clock.now() + 3_600_000 });
    expect((await page()).holeRetryMs).toBe(graceMs);
    await clock.pass(graceMs);
    expect(seen(await page()).positions).toEqual([1, 2, 3]);
  });

  test('LOG5 the older holes of a row are sealed, the younger are waited for', async () => {
    await write([1, 3]);
    await clock.pass(graceMs - 100);
    await write([5]);
    await clock.pass(100);
    expect(seen(await page())).toEqual({ span: [1, 3], positions: [1, 2, 3], holeRetryMs: graceMs - 100 });
  });

  test('LOG6 nothing ever appears below what was read, whoever writes and reads', async () => {
    const action = fc.oneof(
      fc.record({ type: fc.constant('write' as const), at: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ type: fc.constant('pass' as const), ms: fc.constantFrom(100, 500, 1_100) }),
      fc.record({
        type: fc.constant('read' as const),
        first: fc.integer({ min: 1, max: 40 }),
        from: fc.constantFrom('oldest' as const, 'newest' as const),
        limit: fc.integer({ min: 1, max: 12 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        group = someGroup();
        const readers = [readerOf(), readerOf()];
        const known = new Map<number, string>();
        for (const [turn, each] of actions.entries()) {
          if (each.type === 'write') await write([each.at], { content: String(turn) });
          else if (each.type === 'pass') await clock.pass(each.ms);
          else {
            const answer = await page(each, readers[turn % 2]);
            expect(answer.entries.map((entry) => entry.seq)).toEqual(
              answer.last < answer.first ? [] : range(answer.first, answer.last),
            );
            for (const { seq: position, kind, content } of answer.entries) {
              const before = known.get(position);
              if (before !== undefined) expect(`${kind} ${content}`).toBe(before);
              known.set(position, `${kind} ${content}`);
            }
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('LOG9 what retention dropped', () => {
  beforeEach(async () => {
    for (const first of [1, 4_001, 8_001]) await write(range(first, first + 3_999));
    await store.dropBuckets(group, seq(bucketSize * 2 - 1));
    await clock.pass(10_000);
    reader = readerOf(true);
  });

  test('LOG9 is left out, not sealed', async () => {
    expect(seen(await page({ limit: 2 }))).toEqual({ span: [8_192, 8_193], positions: [8_192, 8_193] });
    expect(seen(await page({ from: 'newest', first: 8_190, last: 8_193, limit: 10 }))).toEqual({
      span: [8_192, 8_193],
      positions: [8_192, 8_193],
    });
    expect(seen(await page({ first: 5_000, last: 6_000 }))).toEqual({ span: [5_000, 4_999], positions: [] });
    const [all] = await store.read([
      { conversation: group, first: seq(1), last: seq(20_000), from: 'oldest', limit: 20_000 },
    ]);
    expect(all?.[0]?.seq).toBe(8_192);
  });

  test('LOG4 holes above it are sealed as ever', async () => {
    await write([12_005]);
    await clock.pass(graceMs);
    expect(seen(await page({ first: 12_000 })).positions).toEqual(range(12_000, 12_005));
  });
});
