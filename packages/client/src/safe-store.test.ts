import { clientId, seq } from '@tidings/api/ids';
import { describe, expect, test } from 'vitest';
import { type LocalChange, type LocalStore, LocalStoreFull, type OutboxItem } from './local-store.ts';
import { describeLocalStore } from './local-store-contract.ts';
import { MemoryStore } from './memory-store.ts';
import { SafeStore, type Trouble } from './safe-store.ts';
import { VirtualClock } from './testing/virtual-clock.ts';
import { anna, annaBen, ben, World } from './testing/world.ts';

/** A disk that a test fills and empties. */
class SmallDisk extends MemoryStore {
  full = true;
  cause: unknown;

  override async apply(changes: readonly LocalChange[]): Promise<void> {
    if (this.full) throw new LocalStoreFull(this.cause);
    return super.apply(changes);
  }
}

function safe(beneath: LocalStore) {
  const clock = new VirtualClock();
  const troubles: (Trouble | null)[] = [];
  const store = new SafeStore({ beneath, clock, changed: (trouble) => void troubles.push(trouble) });
  return { store, clock, troubles };
}

describeLocalStore('safe store with room', { open: async () => safe(new MemoryStore()).store });
describeLocalStore('safe store over a full one', { open: async () => safe(new SmallDisk()).store });

const waiting: Omit<OutboxItem, 'clientId'> = {
  conversationId: annaBen,
  kind: 'message',
  content: '',
  createdAt: 1,
  state: { type: 'waiting' },
};
const put = (key: string, value: unknown): LocalChange => ({ type: 'put-items', items: [{ key, value }] });

describe('safe store', () => {
  test('what had no room is seen at once, written in order when there is room, and said once', async () => {
    const disk = new SmallDisk();
    const { store, clock, troubles } = safe(disk);
    await Promise.all([
      store.apply([put('~a', 1)]),
      store.apply([put('~b', 2)]),
      store.apply([put('~a', 3)]),
    ]);
    expect([store.durable, await store.items(['~a', '~b'])]).toEqual([false, [3, 2]]);
    expect(await disk.items(['~a'])).toEqual([undefined]);
    disk.full = false;
    await clock.advance(10_000);
    expect([store.durable, await disk.items(['~a', '~b'])]).toEqual([true, [3, 2]]);
    expect(troubles).toEqual(['storage-full', null]);
  });

  test('what was stored before shows through, and what is removed is gone, on the disk too once it has room', async () => {
    const disk = new SmallDisk();
    disk.full = false;
    const { store, clock } = safe(disk);
    await store.apply([put('~old', 1), put('~gone', 1)]);
    disk.full = true;
    await store.apply([put('~gone', null), put('~new', 1)]);
    expect(await store.items(['~old', '~gone', '~new'])).toEqual([1, undefined, 1]);
    disk.full = false;
    store.retry();
    await clock.advance(10);
    expect(await disk.items(['~old', '~gone', '~new'])).toEqual([1, undefined, 1]);
  });

  test('OUT2 what is put while it finds out what is beneath is there too', async () => {
    const disk = new SmallDisk();
    let copied = () => {};
    disk.conversations = () => new Promise((resolve) => (copied = () => resolve([])));
    const { store } = safe(disk);
    const refused = store.apply([put('~a', 1)]);
    await Promise.resolve();
    await Promise.resolve();
    disk.full = false;
    const item = { ...waiting, clientId: clientId('put-meanwhile') };
    const meanwhile = store.apply([{ type: 'put-outbox', item }]);
    copied();
    await Promise.all([refused, meanwhile]);
    expect(store.durable).toBe(false);
    expect(await store.outbox()).toEqual([item]);
  });

  test('a refusal is told apart from a full disk', async () => {
    const disk = new SmallDisk();
    disk.cause = Object.assign(new Error('no'), { name: 'SecurityError' });
    const { store, troubles } = safe(disk);
    await store.apply([put('~a', 1)]);
    expect(troubles).toEqual(['storage-refused']);
  });

  test('on a device that keeps nothing and cannot be read, chat works in memory', async () => {
    await using world = new World();
    const refused = new Proxy(new MemoryStore(), {
      get: () => async () => {
        throw new LocalStoreFull(Object.assign(new Error('no'), { name: 'SecurityError' }));
      },
    });
    const device = await world.liveDevice(anna, { store: refused });
    expect(device.state().trouble).toEqual({ type: 'storage-refused' });
    await device.engine.send(annaBen, { type: 'text', text: 'hello' });
    await world.clock.advance(100);
    expect(world.server.log(annaBen).head).toBe(1);
  });

  test('any other failure is the caller’s to try again', async () => {
    const disk = new MemoryStore();
    disk.apply = async () => {
      throw new Error('a moment');
    };
    const { store, troubles } = safe(disk);
    await expect(store.apply([put('~a', 1)])).rejects.toThrow('a moment');
    expect(troubles).toEqual([]);
  });

  test('OUT1 on a full device chat goes on online: it sends, receives and says what is wrong, until there is room', async () => {
    await using world = new World();
    const disk = new SmallDisk();
    const device = world.device(anna, { store: disk });
    await world.live(device);
    expect(device.state().trouble).toEqual({ type: 'storage-full' });
    await device.engine.send(annaBen, { type: 'text', text: 'no room' });
    world.server.says(annaBen, ben, 'never mind');
    await world.clock.advance(1_000);
    const log = world.server.log(annaBen);
    expect([log.head, log.marksOf(anna).delivered]).toEqual([2, 0]);
    disk.full = false;
    await world.clock.advance(10_000);
    expect(device.state().trouble).toBeNull();
    expect(await world.lines(device, annaBen)).toHaveLength(2);
    expect(await disk.outbox()).toEqual([]);
    expect(log.marksOf(anna).delivered).toBe(2);
    expect(await disk.conversation(annaBen)).toMatchObject({
      head: 2,
      delivered: 2,
      ranges: [{ first: seq(1), last: seq(2) }],
    });
  });
});
