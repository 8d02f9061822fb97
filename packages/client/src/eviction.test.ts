import { groupId, seq } from '@tidings/api/ids';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from './memory-store.ts';
import { countOf } from './ranges.ts';
import { anna, annaBen, ben, World } from './testing/world.ts';

describe('eviction', () => {
  test('a device keeps to its budget: the oldest of the chats that rested longest go first, the newest of each stay', async () => {
    await using world = new World();
    const chats = ['old', 'newer', 'newest'].map((name) => groupId(name.padEnd(10, '-')));
    for (const id of chats) {
      world.server.chat(id, [anna, ben]);
      for (let n = 1; n <= 800; n += 1) world.server.says(id, ben, `message ${n}`);
      await world.clock.advance(10);
    }
    const device = await world.liveDevice(anna, { options: { budget: 1_400 } });
    await world.clock.advance(100);
    const rows = await Promise.all(chats.map((id) => device.store.conversation(id)));
    const sizes = rows.map((row) => countOf(row?.ranges ?? []));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1_400);
    expect(sizes[0]).toBe(200);
    expect(sizes[2]).toBeGreaterThan(sizes[1] ?? 0);
    for (const [index, row] of rows.entries()) {
      expect(row).toMatchObject({ delivered: 800, unread: 800, last: { content: 'message 800' } });
      const held = await device.store.entries(chats[index] as never, seq(0), seq(2 ** 40), 'oldest', 1_000);
      expect(held).toHaveLength(sizes[index] ?? -1);
    }
    await world.clock.advance(300_000);
    expect(countOf((await device.store.conversation(chats[0] as never))?.ranges ?? [])).toBe(200);
  });

  test('the outbox, drafts and the open chat never go', async () => {
    await using world = new World();
    for (let n = 1; n <= 800; n += 1) world.server.says(annaBen, ben, `message ${n}`);
    const store = new MemoryStore();
    const device = world.device(anna, { store, options: { budget: 400 } });
    device.engine.watch([], [annaBen]);
    await device.engine.putItems([{ key: `draft:${annaBen}`, value: { text: 'half', at: 1 } }]);
    world.server.faults.refuseSend = () => ({ error: 'unavailable' });
    await device.engine.send(annaBen, { type: 'text', text: 'waiting' });
    await world.live(device);
    await world.clock.advance(100);
    expect(countOf((await store.conversation(annaBen))?.ranges ?? [])).toBe(800);
    expect([(await store.outbox()).length, (await store.conversation(annaBen))?.draft]).toEqual([1, 'half']);
    device.engine.watch([], []);
    for (let n = 1; n <= 50; n += 1) world.server.says(annaBen, ben, `one more ${n}`);
    await world.clock.advance(100);
    expect(countOf((await store.conversation(annaBen))?.ranges ?? [])).toBeLessThanOrEqual(400);
    expect([(await store.outbox()).length, (await store.conversation(annaBen))?.draft]).toEqual([1, 'half']);
  });
});
