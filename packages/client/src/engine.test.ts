import { seq } from '@tidings/api/ids';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from './memory-store.ts';
import { anna, annaBen, ben, group, World } from './testing/world.ts';

const text = (value: string) => ({ type: 'text' as const, text: value });
const raw = (value: string) => JSON.stringify(text(value));

describe('engine', () => {
  test('SEND1 a message goes from one device to the other, and its ticks come back', async () => {
    await using world = new World();
    const phone = await world.liveDevice(anna);
    const other = await world.liveDevice(ben);
    await phone.engine.send(annaBen, text('hello'));
    await world.clock.until(async () => (await world.lines(other, annaBen)).length === 1);
    expect(await world.lines(other, annaBen)).toEqual([raw('hello')]);
    expect(await world.lines(phone, annaBen)).toEqual([raw('hello')]);
    expect(await phone.store.outbox()).toEqual([]);
    await world.clock.until(async () => (await phone.store.conversation(annaBen))?.othersDelivered === 1);
    expect((await other.store.conversation(annaBen))?.unread).toBe(1);
    other.engine.markRead(annaBen, seq(1));
    await world.clock.until(async () => (await phone.store.conversation(annaBen))?.othersRead === 1);
    expect((await other.store.conversation(annaBen))?.unread).toBe(0);
  });

  test('OUT1 OUT2 messages sent offline wait in the store, and go out in order', async () => {
    await using world = new World();
    world.server.says(annaBen, ben, 'before');
    const phone = await world.liveDevice(anna);
    world.server.cut();
    for (let n = 1; n <= 150; n += 1)
      await phone.engine.send(n % 3 === 0 ? group : annaBen, text(`message ${n}`));
    expect(await phone.store.outbox()).toHaveLength(150);
    await world.live(phone);
    await world.clock.until(async () => (await phone.store.outbox()).length === 0);
    const sent = world.server
      .log(annaBen)
      .list()
      .map((entry) => entry.content);
    expect(sent).toEqual([
      'before',
      ...listOf(150)
        .filter((n) => n % 3 !== 0)
        .map((n) => raw(`message ${n}`)),
    ]);
    expect(await world.lines(phone, annaBen)).toEqual(sent);
    expect(await world.lines(phone, group)).toHaveLength(50);
  });

  test('SYNC4 SYNC7 a fresh device has the newest page of the open chat first, and then everything', async () => {
    await using world = new World();
    for (let n = 1; n <= 700; n += 1) world.server.says(n <= 300 ? group : annaBen, ben, `message ${n}`);
    const store = new MemoryStore();
    const phone = world.device(anna, { store });
    phone.engine.watch([], [group]);
    const first = new Promise((resolve) => {
      store.observe((changes) => {
        for (const change of changes)
          if (change.type === 'put-entries') resolve(change.entries[0]?.conversationId);
      });
    });
    await world.live(phone);
    expect(await first).toBe(group);
    expect(await world.lines(phone, group)).toHaveLength(300);
    expect(await world.lines(phone, annaBen)).toHaveLength(400);
    expect((await phone.store.conversation(annaBen))?.ranges).toEqual([{ first: 1, last: 400 }]);
    await world.clock.until(() => world.server.log(annaBen).marksOf(anna).delivered === 400);
  });
});

const listOf = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
