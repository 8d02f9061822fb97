import { TidingsError } from '@tidings/api/errors';
import { groupId, seq } from '@tidings/api/ids';
import type { Mark } from '@tidings/api/receipt';
import { describe, expect, test } from 'vitest';
import { anna, annaBen, ben, cleo, group, World } from './testing/world.ts';

const text = (value: string) => ({ type: 'text' as const, text: value });
const marks = (world: World): Mark[][] =>
  world.server.calls
    .filter((call) => call.path === 'receipt.mark')
    .map((call) => (call.input as { marks: Mark[] }).marks);

describe('watermarks', () => {
  test('MARK6 all that moved within a tick is told in one call', async () => {
    await using world = new World();
    const chats = Array.from({ length: 30 }, (_, n) => groupId(`chat-${String(n).padStart(4, '0')}`));
    for (const id of chats) world.server.chat(id, [anna, ben]);
    await world.liveDevice(anna);
    for (const id of chats) for (let n = 0; n < 5; n += 1) world.server.says(id, ben, 'hello');
    await world.clock.advance(100);
    const told = marks(world);
    expect(told.length).toBeLessThanOrEqual(2);
    expect(new Set(told.flat().map((mark) => mark.conversationId)).size).toBe(30);
    for (const id of chats) expect(world.server.log(id).marksOf(anna).delivered).toBe(5);
  });

  test('MARK2 the server hears of a delivery only after the store has answered', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    const apply = device.store.apply.bind(device.store);
    let release: (() => void) | undefined;
    device.store.apply = async (changes) => {
      if (changes.some((change) => change.type === 'put-entries'))
        await new Promise<void>((resolve) => (release = resolve));
      return apply(changes);
    };
    world.server.says(annaBen, ben, 'hello');
    await world.clock.advance(1_000);
    expect([marks(world), await world.lines(device, annaBen)]).toEqual([[], []]);
    release?.();
    await world.clock.advance(100);
    expect(world.server.log(annaBen).marksOf(anna).delivered).toBe(1);
  });

  test('MARK3 what was read offline is kept, and told when there is a line again, also after a restart', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    world.server.says(annaBen, ben, 'hello');
    await world.clock.advance(100);
    world.server.refuse = () => new TidingsError('unavailable');
    world.server.cut();
    device.engine.markRead(annaBen, seq(1));
    await world.clock.advance(100);
    expect(await device.store.conversation(annaBen)).toMatchObject({ read: 1, unread: 0 });
    await device.engine.stop();
    world.server.refuse = null;
    await world.liveDevice(anna, { store: device.store });
    await world.clock.advance(100);
    expect(world.server.log(annaBen).marksOf(anna)).toEqual({ delivered: 1, read: 1 });
  });

  test('MARK1 a mark never goes back, nor beyond the head', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    for (let n = 0; n < 3; n += 1) world.server.says(annaBen, ben, 'hello');
    await world.clock.advance(100);
    device.engine.markRead(annaBen, seq(99));
    await world.clock.advance(100);
    device.engine.markRead(annaBen, seq(1));
    world.server.push(anna, { type: 'own-marks', conversationId: annaBen, delivered: seq(1), read: seq(1) });
    world.server.push(anna, { type: 'marks', conversationId: annaBen, delivered: seq(2), read: seq(1) });
    world.server.push(anna, { type: 'marks', conversationId: annaBen, delivered: seq(1), read: seq(0) });
    await world.clock.advance(100);
    expect(await device.store.conversation(annaBen)).toMatchObject({
      delivered: 3,
      read: 3,
      othersDelivered: 2,
      othersRead: 1,
    });
    expect(world.server.log(annaBen).marksOf(anna)).toEqual({ delivered: 3, read: 3 });
  });

  test('INV6 a read mark set on one device empties the badge of the other', async () => {
    await using world = new World();
    const phone = await world.liveDevice(anna, { name: 'phone' });
    const desk = await world.liveDevice(anna, { name: 'desk' });
    for (let n = 0; n < 3; n += 1) world.server.says(annaBen, ben, 'hello');
    await world.clock.advance(100);
    expect((await desk.store.conversation(annaBen))?.unread).toBe(3);
    phone.engine.markRead(annaBen, seq(2));
    await world.clock.advance(100);
    expect((await desk.store.conversation(annaBen))?.unread).toBe(1);
  });

  test('marks over one’s own messages alone wait; the next that matters takes them along', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    await device.engine.send(group, text('mine'));
    await world.clock.advance(1_000);
    expect(marks(world)).toEqual([]);
    await world.clock.advance(1_500);
    expect(marks(world).flat()).toMatchObject([{ conversationId: group, delivered: 1 }]);
    world.server.says(group, cleo, 'theirs');
    await world.clock.advance(50);
    expect(world.server.log(group).marksOf(anna).delivered).toBe(2);
  });

  test('a call that fails for a moment is made again; one that is refused is not', async () => {
    await using world = new World();
    await world.liveDevice(anna);
    let failures = 2;
    world.server.faults.fail = ({ path }) =>
      path === 'receipt.mark' && failures-- > 0 ? new TidingsError('unavailable') : null;
    world.server.says(annaBen, ben, 'hello');
    await world.clock.advance(5_000);
    expect(world.server.log(annaBen).marksOf(anna).delivered).toBe(1);
    let refusals = 0;
    world.server.faults.fail = ({ path }) =>
      path === 'receipt.mark' && ++refusals > 0 ? new TidingsError('not-a-member') : null;
    world.server.says(annaBen, ben, 'hello');
    await world.clock.advance(60_000);
    expect(refusals).toBe(1);
  });
});
