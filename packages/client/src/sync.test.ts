import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, groupId, seq } from '@tidings/api/ids';
import type { ReadRange } from '@tidings/api/message';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from './memory-store.ts';
import { anna, annaBen, ben, group, type TestDevice, World } from './testing/world.ts';

const reads = (world: World): ReadRange[][] =>
  world.server.calls
    .filter((call) => call.path === 'message.read')
    .map((call) => (call.input as { ranges: ReadRange[] }).ranges);
const chatReads = (world: World) =>
  reads(world).filter((ranges) => !ranges[0]?.conversationId.startsWith('account:'));
const rowOf = (device: TestDevice, id: ConversationId) => device.store.conversation(id);

function fill(world: World, id: ConversationId, count: number): void {
  for (let n = 1; n <= count; n += 1) world.server.says(id, ben, `message ${n}`);
}

describe('sync', () => {
  test('SYNC1 the heads are read after the stream is open, so what came in between is not missed', async () => {
    await using world = new World();
    world.server.faults.pushDelays = () => [];
    const device = world.device(anna);
    await world.clock.until(() => device.state().connection.type === 'syncing', 1_000, 1);
    world.server.says(annaBen, ben, 'in between');
    await world.live(device);
    expect(await world.lines(device, annaBen)).toEqual(['in between']);
  });

  test('SYNC7 the open chat is asked for first, then the most recent', async () => {
    await using world = new World();
    const chats = Array.from({ length: 40 }, (_, n) => groupId(`chat-${String(n).padStart(4, '0')}`));
    for (const id of chats) {
      world.server.chat(id, [anna, ben]);
      fill(world, id, 20);
      await world.clock.advance(10);
    }
    const open = chats[5] as ConversationId;
    const device = world.device(anna);
    device.engine.watch([], [open]);
    await world.live(device);
    const asked = chatReads(world)
      .flat()
      .map((range) => range.conversationId);
    expect(asked[0]).toBe(open);
    const others = asked.filter((id) => id !== open).slice(0, 8);
    expect(others).toEqual([...chats].reverse().slice(0, 8));
  });

  test('SYNC4 many chats share a call, of at most 64 ranges and 1,000 entries', async () => {
    await using world = new World();
    for (let n = 0; n < 150; n += 1) {
      const id = groupId(`chat-${String(n).padStart(4, '0')}`);
      world.server.chat(id, [anna, ben]);
      fill(world, id, 30);
    }
    const device = await world.liveDevice(anna);
    expect((await device.store.conversations()).filter((row) => row.ranges.length > 0)).toHaveLength(150);
    for (const ranges of chatReads(world)) {
      expect(ranges.length).toBeLessThanOrEqual(64);
      expect(ranges.reduce((sum, range) => sum + range.limit, 0)).toBeLessThanOrEqual(1_000);
    }
    expect(chatReads(world).length).toBeLessThan(10);
  });

  test('SYNC5 a device that was interrupted goes on where it was, and reads nothing twice', async () => {
    await using world = new World();
    fill(world, annaBen, 3_000);
    const store = new MemoryStore();
    let answered = 0;
    world.server.faults.loseAnswer = (path) => path === 'message.read' && ++answered === 4;
    const device = await world.liveDevice(anna, { store });
    const asked = chatReads(world)
      .flat()
      .reduce((sum, range) => sum + range.last - range.first + 1, 0);
    expect((await rowOf(device, annaBen))?.ranges).toEqual([{ first: 1, last: 3_000 }]);
    expect(asked).toBeLessThan(3_000 + 2_500);
    expect(asked).toBeGreaterThanOrEqual(3_000);
  });

  test('SYNC3 LOG5 a gap with a young hole is read when the hole is final, and nothing shows above it before', async () => {
    await using world = new World();
    fill(world, annaBen, 3);
    const device = await world.liveDevice(anna);
    const log = world.server.log(annaBen);
    const hole = 4;
    world.server.tell(log.append({ kind: 'message', sender: ben, sentAt: 1, content: 'above' }, hole + 1));
    await world.clock.advance(300);
    expect(await world.lines(device, annaBen)).toHaveLength(3);
    expect(log.marksOf(anna).delivered).toBe(3);
    log.append({ kind: 'message', sender: ben, sentAt: 1, content: 'slow' }, hole);
    await world.clock.advance(1_000);
    expect((await world.lines(device, annaBen)).slice(3)).toEqual(['slow', 'above']);
    expect(log.marksOf(anna).delivered).toBe(5);
  });

  test('SYNC6 what no push told is found on waking, and every 4 minutes', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    world.server.faults.pushDelays = () => [];
    await world.clock.advance(10_000);
    world.server.says(annaBen, ben, 'silent');
    device.engine.wake();
    await world.clock.advance(100);
    expect(await world.lines(device, annaBen)).toEqual(['silent']);
    world.server.says(group, ben, 'silent too');
    await world.clock.advance(5 * 60_000);
    expect(await world.lines(device, group)).toEqual(['silent too']);
  });

  test('SYNC6 what was missed before a second hello is found, however lately all was compared', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    world.server.latencyMs = 50;
    device.engine.wake();
    await world.clock.advance(60);
    world.server.faults.pushDelays = () => [];
    world.server.says(annaBen, ben, 'missed');
    world.server.greetAgain(anna);
    await world.clock.advance(1_000);
    expect(await world.lines(device, annaBen)).toEqual(['missed']);
  });

  test('SYNC6 who wakes again a moment later is not forgotten', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    device.engine.wake();
    await world.clock.advance(100);
    world.server.faults.pushDelays = () => [];
    world.server.says(annaBen, ben, 'missed');
    device.engine.wake();
    await world.clock.advance(5_000);
    expect(await world.lines(device, annaBen)).toEqual(['missed']);
  });

  test('waking often compares seldom', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    const heads = () => world.server.calls.filter((call) => call.path === 'sync.heads').length;
    const before = heads();
    for (let n = 0; n < 50; n += 1) {
      device.engine.wake();
      await world.clock.advance(10);
    }
    expect(heads() - before).toBeLessThanOrEqual(1);
  });

  test('SYNC4 a fresh device of a user who has read everything gets the newest page of the recent chats, no more', async () => {
    await using world = new World();
    fill(world, annaBen, 500);
    world.server.log(annaBen).marks.set(anna, { delivered: 500, read: 500 });
    const device = await world.liveDevice(anna);
    await world.clock.advance(100);
    expect((await rowOf(device, annaBen))?.ranges).toEqual([{ first: 451, last: 500 }]);
  });

  test('INV6 what is unread and not much is held, so that the count is exact', async () => {
    await using world = new World();
    fill(world, annaBen, 500);
    world.server.log(annaBen).marks.set(anna, { delivered: 500, read: 380 });
    const device = await world.liveDevice(anna);
    await world.clock.advance(100);
    expect(await rowOf(device, annaBen)).toMatchObject({ ranges: [{ first: 381, last: 500 }], unread: 120 });
  });

  test('older pages come on demand, down to the beginning; local ones need no line', async () => {
    await using world = new World();
    fill(world, annaBen, 120);
    world.server.log(annaBen).marks.set(anna, { delivered: 120, read: 120 });
    const device = await world.liveDevice(anna);
    await world.clock.advance(100);
    const load = async (before: number, count: number) => {
      const more = device.engine.loadOlder(annaBen, seq(before), count);
      more.catch(() => {});
      await world.clock.advance(100);
      return more;
    };
    expect(await load(71, 40)).toBe(true);
    expect((await rowOf(device, annaBen))?.ranges).toEqual([{ first: 31, last: 120 }]);
    world.server.refuse = () => new TidingsError('unavailable');
    world.server.cut();
    expect(await load(71, 40)).toBe(true);
    await expect(load(31, 40)).rejects.toMatchObject({ code: 'unavailable' });
    world.server.refuse = null;
    await world.live(device);
    expect(await load(31, 40)).toBe(false);
    expect((await rowOf(device, annaBen))?.ranges).toEqual([{ first: 1, last: 120 }]);
  });

  test('INV11 a jump brings the messages around it with what was done to them since', async () => {
    await using world = new World();
    fill(world, annaBen, 300);
    world.server
      .log(annaBen)
      .append({ kind: 'delete', sender: ben, target: seq(100), sentAt: 1, content: '' });
    world.server
      .log(annaBen)
      .append({ kind: 'edit', sender: ben, target: seq(101), sentAt: 1, content: 'edited' });
    world.server.log(annaBen).marks.set(anna, { delivered: 302, read: 302 });
    const device = await world.liveDevice(anna);
    const jump = device.engine.loadAround(annaBen, seq(100));
    await world.clock.advance(100);
    await jump;
    const rows = await device.store.entries(annaBen, seq(99), seq(101), 'oldest', 9);
    expect(rows.map((row) => [row.content, row.deleted])).toEqual([
      ['message 99', undefined],
      ['', true],
      ['edited', undefined],
    ]);
  });

  test('a page that would not be local otherwise is not looked for twice at the same time', async () => {
    await using world = new World();
    fill(world, annaBen, 700);
    const device = await world.liveDevice(anna);
    const asked = new Map<number, number>();
    for (const range of chatReads(world).flat())
      for (let at: number = range.first; at <= range.last; at += 1) asked.set(at, (asked.get(at) ?? 0) + 1);
    expect(Math.max(...asked.values())).toBe(1);
    expect((await rowOf(device, annaBen))?.ranges).toEqual([{ first: 1, last: 700 }]);
  });

  test('LOG9 what retention let go is held as empty and asked for once', async () => {
    await using world = new World();
    fill(world, annaBen, 100);
    const log = world.server.log(annaBen);
    const read = log.read.bind(log);
    log.read = (user, range, limit) => {
      const page = read(user, { ...range, first: seq(Math.max(range.first, 81)) }, limit);
      return page.last < page.first ? { ...page, first: seq(range.first), last: seq(range.first - 1) } : page;
    };
    const device = await world.liveDevice(anna);
    await world.clock.advance(60_000);
    expect((await rowOf(device, annaBen))?.ranges).toEqual([{ first: 1, last: 100 }]);
    expect(await world.lines(device, annaBen)).toHaveLength(20);
    expect(chatReads(world).length).toBeLessThan(8);
  });

  test('a server that is down for a while under an open line is asked again until the device is live', async () => {
    await using world = new World();
    fill(world, annaBen, 10);
    let failures = 6;
    world.server.faults.fail = ({ path }) =>
      ['sync.heads', 'message.read', 'account.snapshot'].includes(path) && failures-- > 0
        ? new TidingsError('unavailable')
        : null;
    const device = await world.liveDevice(anna);
    expect(await world.lines(device, annaBen)).toHaveLength(10);
  });

  test('refresh makes a new conversation local', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    const id = groupId('brand-new');
    world.server.faults.pushDelays = () => [];
    world.server.chat(id, [anna, ben]);
    world.server.says(id, ben, 'welcome');
    const refreshed = device.engine.refresh(id);
    await world.clock.advance(100);
    await refreshed;
    expect(await world.lines(device, id)).toEqual(['welcome']);
  });

  test.each([
    ['who was removed', { joinedSeq: seq(1), removedSeq: seq(6) }],
    ['who has come back since', { joinedSeq: seq(8), removedSeq: null }],
  ])('GRP5 a send that got in behind the removal does not wait for ever: of %s', async (_, span) => {
    await using world = new World();
    fill(world, group, 5);
    const device = await world.liveDevice(anna);
    world.server.faults.pushDelays = () => [];
    world.server.says(group, ben, 'removes anna');
    world.server.faults.fail = ({ path }) =>
      path === 'message.read' ? new TidingsError('unavailable') : null;
    await device.engine.send(group, { type: 'text', text: 'too late' });
    await world.clock.until(async () => (await device.store.outbox())[0]?.state.type === 'sent');
    world.server.says(group, ben, 'adds anna, perhaps');
    world.server.log(group).spans.set(anna, span);
    await world.clock.advance(10_000);
    device.engine.wake();
    await world.clock.advance(1_000);
    expect(await rowOf(device, group)).toMatchObject(span);
    expect(await device.store.outbox()).toEqual([]);
  });

  test('GRP5 a removed member sees the chat up to the removal, and nothing that is written after it', async () => {
    await using world = new World();
    fill(world, group, 5);
    const device = await world.liveDevice(anna);
    world.server.log(group).spans.set(anna, { joinedSeq: seq(1), removedSeq: seq(5) });
    world.server.says(group, ben, 'secret');
    device.engine.wake();
    await world.clock.advance(10_000);
    device.engine.wake();
    await world.clock.advance(10_000);
    expect(await rowOf(device, group)).toMatchObject({ removedSeq: 5, head: 5 });
    expect(await world.lines(device, group)).toHaveLength(5);
    await device.engine.send(group, { type: 'text', text: 'still here?' });
    await world.clock.advance(1_000);
    expect((await device.store.outbox())[0]?.state).toEqual({ type: 'failed', code: 'not-a-member' });
  });
});
