import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, type Seq, seq, userId } from '@tidings/api/ids';
import { MemorySequencer } from '@tidings/bus/sequencer/memory';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import type { AppendOutcome, MessageStore } from '@tidings/db/message-store/port';
import { openSqliteStoresInProcess } from '@tidings/db/sqlite/stores';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { someClientId, someGroup } from '../testing/world.ts';
import { AppendQueue, type Draft } from './append-queue.ts';
import { TailCache } from './tail-cache.ts';

let clock: ManualClock;
let store: MessageStore;
let sequencer: MemorySequencer;
let queue: AppendQueue;
let calls: Entry[][];
let group: ConversationId;
/** What the store answers instead, once. */
let instead: (() => readonly AppendOutcome[]) | null;

beforeEach(() => {
  clock = new ManualClock();
  store = openSqliteStoresInProcess(':memory:', clock).messages;
  sequencer = new MemorySequencer();
  calls = [];
  instead = null;
  group = someGroup();
  const messages: MessageStore = {
    ...store,
    async append(entries) {
      calls.push([...entries]);
      const answer = instead;
      instead = null;
      return answer ? answer() : store.append(entries);
    },
  };
  const head = async (conversation: ConversationId): Promise<Seq> =>
    (await store.heads([conversation]))[0]!.seq;
  queue = new AppendQueue({ messages, sequencer, clock, tails: new TailCache({ maxBytes: 1e6 }), head });
});

const draft = (content: string): Draft => ({
  conversationId: group,
  kind: 'message',
  sender: userId('user-anna'),
  clientId: someClientId(),
  content,
});
const append = (...contents: string[]) => queue.append(group, contents.map(draft));
const told = (placements: readonly (Entry | TidingsError)[]) =>
  placements.map((each) => (each instanceof TidingsError ? each.code : each.seq));
const log = async () =>
  (
    await store.read([{ conversation: group, first: seq(1), last: seq(1_000), from: 'oldest', limit: 1_000 }])
  )[0]!;
const contents = async () => (await log()).map(({ content }) => content);

async function drained<T>(work: Promise<T>): Promise<T> {
  await clock.pass(0);
  return work;
}

describe('LOG8 coalescing', () => {
  test('LOG8 what comes in a tick is one batch, in the order in which it came', async () => {
    const placed = Promise.all([append('a'), append('b', 'c'), append('d')]);
    expect((await drained(placed)).map(told)).toEqual([[1], [2, 3], [4]]);
    expect(calls).toHaveLength(1);
    expect(await contents()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('LOG8 what comes while a batch is being written goes together in the next', async () => {
    const later: Promise<unknown>[] = [];
    instead = () => {
      later.push(append('b'), append('c'));
      void store.append(calls[0]!);
      return ['written'];
    };
    await drained(append('a'));
    await drained(Promise.all(later));
    expect(calls.map((batch) => batch.map(({ content }) => content))).toEqual([['a'], ['b', 'c']]);
    expect(await contents()).toEqual(['a', 'b', 'c']);
  });

  test('LOG8 conversations don’t wait for each other', async () => {
    const { promise, resolve } = Promise.withResolvers<readonly AppendOutcome[]>();
    const other = someGroup();
    instead = () => promise as never;
    const slow = append('slow');
    const quick = queue.append(other, [{ ...draft('quick'), conversationId: other }]);
    expect(told(await drained(quick))).toEqual([1]);
    resolve(['written']);
    await slow;
  });

  test('drain waits for what is being written', async () => {
    let drainedQueue = false;
    const { promise, resolve } = Promise.withResolvers<readonly AppendOutcome[]>();
    instead = () => promise as never;
    const slow = append('slow');
    await clock.pass(0);
    const draining = queue.drain().then(() => {
      drainedQueue = true;
    });
    await clock.pass(0);
    expect(drainedQueue).toBe(false);
    resolve(['written']);
    await Promise.all([slow, draining]);
    await queue.drain();
  });
});

describe('LOG3 a position that is taken', () => {
  test('LOG3 costs a retry above the head', async () => {
    await drained(append('a', 'b', 'c'));
    await sequencerThatLost();
    expect(told(await drained(append('d')))).toEqual([4]);
    expect(await contents()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('LOG3 keeps the order of a batch of which it was the first', async () => {
    await drained(append('a', 'b'));
    await sequencerThatLost();
    // 1 and 2 are taken, 3 is not: nothing of the batch may stand there before its first.
    expect(told(await drained(append('c', 'd', 'e')))).toEqual([3, 4, 5]);
    expect(await contents()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('LOG3 lets those of a batch stand that came before it', async () => {
    instead = () => {
      void store.append(
        [{ ...calls[0]![1]!, content: 'of another handler' }, calls[0]![0]!].sort((a, b) => a.seq - b.seq),
      );
      return ['written', 'taken', 'taken'];
    };
    // 3 was suggested and not used: a hole, which its readers seal.
    expect(told(await drained(append('a', 'b', 'c')))).toEqual([1, 4, 5]);
    expect(await contents()).toEqual(['a', 'of another handler', 'b', 'c']);
  });

  test('LOG3 is tried again 16 times, then it is a conflict', async () => {
    const taken = vi.fn(async () => ['taken' as const]);
    const stubborn = new AppendQueue({
      messages: { ...store, append: taken },
      sequencer,
      clock,
      tails: new TailCache({ maxBytes: 1e6 }),
      head: async () => seq(0),
    });
    expect(told(await drained(stubborn.append(group, [draft('a')])))).toEqual(['conflict']);
    expect(taken).toHaveBeenCalledTimes(17);
  });

  test('a sequencer that remembers nothing, ever, is no reason to refuse', async () => {
    sequencer.next = async () => null;
    expect(told(await drained(append('a', 'b')))).toEqual([1, 2]);
    expect(told(await drained(append('c')))).toEqual([3]);
  });

  test('LOG3 nor is one that is down', async () => {
    const down = () => Promise.reject(new TidingsError('unavailable'));
    Object.assign(sequencer, { next: down, seed: down });
    expect(told(await drained(append('a', 'b')))).toEqual([1, 2]);
    expect(told(await drained(append('c')))).toEqual([3]);
  });

  async function sequencerThatLost() {
    const next = sequencer.next.bind(sequencer);
    sequencer.next = async (conversation, positions) => {
      sequencer.next = next;
      return positions > 0 ? seq(1) : next(conversation, positions);
    };
  }
});

describe('a store that fails', () => {
  test('fails the batch, and not the next', async () => {
    instead = () => {
      throw new TidingsError('storage-full');
    };
    expect(told(await drained(append('a', 'b')))).toEqual(['storage-full', 'storage-full']);
    expect(told(await drained(append('c')))).toEqual([3]);
  });

  test('fails with `unavailable` when it fails with anything else', async () => {
    instead = () => {
      throw new Error('ECONNRESET');
    };
    expect(told(await drained(append('a')))).toEqual(['unavailable']);
  });

  test('SEND4 a job that was vetoed while it waited is not written', async () => {
    const error = new TidingsError('unavailable');
    const vetoed = queue.append(group, [draft('a')], () => error);
    const other = append('b');
    expect(told(await drained(vetoed))).toEqual(['unavailable']);
    expect(told(await other)).toEqual([1]);
  });
});
