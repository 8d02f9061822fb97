import { encodeContent } from '@tidings/api/content';
// First: Dexie takes the global IndexedDB when it is loaded.
import 'fake-indexeddb/auto';
import { TidingsError } from '@tidings/api/errors';
import { seq } from '@tidings/api/ids';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, test, vi } from 'vitest';
import { Database } from './database';
import type { DeviceStore } from './device-store';
import { DexieStore } from './dexie-store';
import { MemoryDeviceStore } from './memory-device-store';
import { type MessagesView, MessageWindow, type WindowOptions } from './message-window';
import { anna, chat, conversation, entry, hold, self, seqsOf, waiting } from './testing/seed';

const stores: [string, () => DeviceStore][] = [
  ['dexie', () => new DexieStore(new Database(anna, { indexedDB: new IDBFactory(), IDBKeyRange }))],
  ['memory', () => new MemoryDeviceStore()],
];

describe.each(stores)('a window of messages on %s', (_, open) => {
  test('begins with the newest page and pages through the local log without asking the server', async () => {
    const screen = await Screen.show(open(), [[1, 100]], { page: 10 });
    await screen.shows(91, 100);
    expect(screen.view).toMatchObject({ hasOlder: true, hasNewer: false });
    await screen.view.loadOlder();
    await screen.shows(81, 100);
    for (let page = 0; page < 8; page += 1) await screen.view.loadOlder();
    await screen.shows(1, 80);
    expect(screen.view).toMatchObject({ hasOlder: false, hasNewer: true });
    expect(screen.asked).toEqual([]);
  });

  test('holds eight pages and lets the far side go, both ways, and follows the end again when it is reached', async () => {
    const screen = await Screen.show(open(), [[1, 300]], { page: 10 });
    for (let page = 0; page < 15; page += 1) await screen.view.loadOlder();
    await screen.shows(141, 220);
    for (let page = 0; page < 7; page += 1) await screen.view.loadNewer();
    await screen.shows(211, 290);
    await screen.view.loadNewer();
    await screen.view.loadNewer();
    expect(screen.view.hasNewer).toBe(false);
    await screen.arrive(301);
    expect(seqsOf(screen.view.rows).at(-1)).toBe(301);
  });

  test('new lines join the end; unchanged rows keep their identity', async () => {
    const screen = await Screen.show(open(), [[1, 20]], { page: 10 });
    const before = screen.view.rows;
    await screen.arrive(21);
    await screen.shows(11, 21);
    expect(screen.view.rows.slice(0, 10).every((row, index) => row === before[index])).toBe(true);
    await screen.store.apply([{ type: 'put-entries', entries: [entry(15, { editedAt: 9 })] }]);
    await screen.until((view) => view.rows[4] !== before[4]);
    expect(screen.view.rows.filter((row, index) => row !== before[index])).toHaveLength(2);
  });

  test('a view that follows lets old rows go as new ones come; one that reads back keeps what it shows', async () => {
    const follows = await Screen.show(open(), [[1, 20]], { page: 10 });
    const reads = await Screen.show(open(), [[1, 20]], { page: 10 });
    reads.view.follow(false);
    for (const screen of [follows, reads]) await screen.arriveMany(21, 120);
    await follows.until((view) => view.rows.length === 80 && view.rows.at(-1)?.seq === 120);
    expect(follows.view.hasNewer).toBe(false);
    await reads.until((view) => view.hasNewer);
    expect(seqsOf(reads.view.rows)).toContain(20);
  });

  test('SYNC3 it never reaches over a gap; older lines are fetched first', async () => {
    const screen = await Screen.show(
      open(),
      [
        [1, 10],
        [50, 60],
      ],
      { page: 20 },
    );
    await screen.shows(50, 60);
    screen.server.loadOlder = async (_id, before, count) => {
      await hold(screen.store, [
        [1, 10],
        [before - count, 60],
      ]);
      return true;
    };
    await screen.view.loadOlder();
    await screen.shows(30, 60);
    expect(screen.asked).toEqual([['loadOlder', 50, 20]]);
  });

  test('pages in which nothing shows are passed over', async () => {
    const screen = await Screen.show(open(), [[50, 60]], { page: 10 });
    screen.server.loadOlder = async (_id, before, count) => {
      const first = Math.max(1, before - count);
      const entries = Array.from({ length: before - first }, (__, index) =>
        entry(first + index, { visible: first + index > 8 ? 0 : 1, kind: 'reaction' }),
      );
      await screen.store.apply([
        { type: 'put-entries', entries },
        { type: 'put-conversation', conversation: conversation([[first, 60]]) },
      ]);
      return first > 1;
    };
    await screen.view.loadOlder();
    expect(seqsOf(screen.view.rows)).toEqual([...range(1, 8), ...range(50, 60)]);
    expect(screen.view.hasOlder).toBe(false);
  });

  test('without a line it says so, and what is local stays', async () => {
    const screen = await Screen.show(open(), [[50, 60]], { page: 20 });
    screen.server.loadOlder = async () => {
      throw new TidingsError('unavailable');
    };
    await screen.view.loadOlder();
    expect(screen.view).toMatchObject({ unavailable: 'older', loading: null, hasOlder: true });
    await screen.shows(50, 60);
  });

  test('it jumps to a line that is local, and to one that has to be fetched', async () => {
    const screen = await Screen.show(
      open(),
      [
        [1, 10],
        [100, 200],
      ],
      { page: 10 },
    );
    expect(await screen.view.jumpTo(seq(150))).toBe(true);
    await screen.shows(145, 155);
    expect(screen.view).toMatchObject({ hasOlder: true, hasNewer: true });
    screen.server.loadAround = async (_id, at) =>
      hold(screen.store, [
        [1, 10],
        [at - 5, at + 5],
        [100, 200],
      ]);
    expect(await screen.view.jumpTo(seq(50))).toBe(true);
    await screen.shows(45, 55);
    expect(screen.asked).toEqual([['loadAround', 50]]);
    expect(screen.view).toMatchObject({ hasOlder: true, hasNewer: true });
    await screen.view.jumpToEnd();
    await screen.shows(191, 200);
  });

  test('from an island it reads on over the gap above it', async () => {
    const screen = await Screen.show(
      open(),
      [
        [45, 55],
        [100, 200],
      ],
      { page: 10, at: seq(50) },
    );
    await screen.shows(45, 55);
    screen.server.loadAround = async (_id, at) =>
      hold(screen.store, [
        [45, at + 10],
        [100, 200],
      ]);
    await screen.view.loadNewer();
    await screen.shows(45, 65);
    expect(screen.asked).toEqual([['loadAround', 56]]);
  });

  test('SYNC4 after a long absence the newest page shows first; a view that reads back keeps its place', async () => {
    const follows = await Screen.show(open(), [[1, 30]], { page: 10 });
    const reads = await Screen.show(open(), [[1, 30]], { page: 10 });
    reads.view.follow(false);
    for (const screen of [follows, reads])
      await hold(screen.store, [
        [1, 30],
        [991, 1000],
      ]);
    await follows.shows(991, 1000);
    await reads.until((view) => view.hasNewer);
    await reads.shows(21, 30);
  });

  test('what waits stands at the end, and keeps its key when it becomes an entry', async () => {
    const screen = await Screen.show(open(), [[1, 10]], { page: 10 });
    const item = waiting('client-11');
    await screen.store.apply([{ type: 'put-outbox', item }]);
    await screen.until((view) => view.rows.length === 11);
    const key = screen.view.rows.at(-1)?.key;
    const rows: number[] = [];
    screen.window.subscribe(() => rows.push(screen.view.rows.length));
    await screen.store.apply([
      { type: 'drop-outbox', clientIds: [item.clientId] },
      { type: 'put-entries', entries: [entry(11, { clientId: item.clientId })] },
      { type: 'put-conversation', conversation: conversation([[1, 11]]) },
    ]);
    await screen.until((view) => view.rows.at(-1)?.seq === 11);
    expect(screen.view.rows.at(-1)?.key).toBe(key);
    expect(new Set(rows)).toEqual(new Set([11]));
  });

  test('an edit, a deletion and a reaction that wait already show on their messages', async () => {
    const screen = await Screen.show(open(), [[1, 5]]);
    const edited = encodeContent({ type: 'text', text: 'better' });
    const items = [
      waiting('edit', { kind: 'edit', target: seq(1), content: edited }),
      waiting('gone', { kind: 'delete', target: seq(3), content: '' }),
      waiting('wave', { kind: 'reaction', target: seq(2), content: '👋' }),
    ];
    for (const item of items) await screen.store.apply([{ type: 'put-outbox', item }]);
    await screen.until((view) =>
      view.rows.every((row, index) => index > 2 || (row.type === 'entry' && row.waiting)),
    );
    const entries = screen.view.rows.map((row) => (row.type === 'entry' ? row.entry : null));
    expect(entries[0]).toMatchObject({ content: edited });
    expect(entries[1]?.reactions).toEqual({ '👋': [anna] });
    expect(entries[2]).toMatchObject({ deleted: true, content: '' });
    expect(entries).toHaveLength(5);
  });

  test('a cleared conversation begins after what was cleared', async () => {
    const screen = await Screen.show(open(), [[1, 30]], { page: 10 }, { clearedSeq: seq(25) });
    await screen.shows(26, 30);
    expect(screen.view.hasOlder).toBe(false);
  });
});

test('a window over 100,000 local messages reads the window only', async () => {
  const store = new MemoryDeviceStore();
  await hold(store, [[1, 100_000]]);
  const read = vi.spyOn(store, 'entries');
  const window = new MessageWindow(
    { conversation: chat, reads: store, engine: new Screen(store).engine, own: self },
    {},
  );
  window.open();
  await vi.waitFor(() => expect(window.get().rows).toHaveLength(60));
  await window.get().jumpTo(seq(50_000));
  const rows = await Promise.all(read.mock.results.map((result) => result.value as Promise<unknown[]>));
  expect(rows.flat().length).toBeLessThan(1_000);
});

/** Ample, for machines that do much else. */
const patience = { interval: 5, timeout: 4_000 };

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

class Screen {
  readonly store: DeviceStore;
  readonly asked: unknown[][] = [];
  readonly server: { [K in 'loadOlder' | 'loadAround']?: (...args: never[]) => Promise<unknown> } & {
    loadOlder?: (id: string, before: number, count: number) => Promise<boolean>;
    loadAround?: (id: string, at: number) => Promise<void>;
  } = {};
  window!: MessageWindow;

  readonly engine = {
    loadOlder: async (id: string, before: number, count: number) => {
      this.asked.push(['loadOlder', before, count]);
      return (await this.server.loadOlder?.(id, before, count)) ?? false;
    },
    loadAround: async (id: string, at: number) => {
      this.asked.push(['loadAround', at]);
      await this.server.loadAround?.(id, at);
    },
  };

  constructor(store: DeviceStore) {
    this.store = store;
  }

  static async show(
    store: DeviceStore,
    ranges: readonly [number, number][],
    options: WindowOptions = {},
    changes: Parameters<typeof hold>[2] = {},
  ): Promise<Screen> {
    const screen = new Screen(store);
    await hold(store, ranges, changes);
    screen.window = new MessageWindow(
      { conversation: chat, reads: store, engine: screen.engine, own: self },
      options,
    );
    screen.window.open();
    await screen.until((view) => view.ready && view.loading === null);
    return screen;
  }

  get view(): MessagesView {
    return this.window.get();
  }

  until(condition: (view: MessagesView) => unknown): Promise<void> {
    return vi.waitFor(() => expect(condition(this.view)).toBeTruthy(), patience);
  }

  shows(first: number, last: number): Promise<void> {
    return vi.waitFor(() => expect(seqsOf(this.view.rows)).toEqual(range(first, last)), patience);
  }

  async arrive(at: number): Promise<void> {
    await this.arriveMany(at, at);
    await this.until((view) => view.rows.at(-1)?.seq === at);
  }

  async arriveMany(first: number, last: number): Promise<void> {
    for (let at = first; at <= last; at += 20) {
      const newest = Math.min(last, at + 19);
      const start = (await this.store.conversation(chat))?.ranges[0]?.first ?? 1;
      await this.store.apply([
        { type: 'put-entries', entries: range(at, newest).map((position) => entry(position)) },
        { type: 'put-conversation', conversation: conversation([[start, newest]]) },
      ]);
    }
  }
}
