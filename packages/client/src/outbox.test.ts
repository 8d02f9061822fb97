import { TidingsError } from '@tidings/api/errors';
import { clientId, seq } from '@tidings/api/ids';
import type { Outgoing } from '@tidings/api/message';
import { describe, expect, test } from 'vitest';
import { expiryMs, nextCall } from './flush.ts';
import type { LocalChange, OutboxItem } from './local-store.ts';
import { MemoryStore } from './memory-store.ts';
import { anna, annaBen, ben, group, type TestDevice, World } from './testing/world.ts';

const text = (value: string) => ({ type: 'text' as const, text: value });

/** The sends that reached the server, call by call. */
const sends = (world: World): Outgoing[][] =>
  world.server.calls
    .filter((call) => call.path === 'message.send')
    .map((call) => (call.input as { messages: Outgoing[] }).messages);

const outboxIsEmpty = (device: TestDevice) => async () => (await device.store.outbox()).length === 0;
const logged = (world: World, id = annaBen) =>
  world.server
    .log(id)
    .list()
    .map((entry) => JSON.parse(entry.content).text);

describe('outbox', () => {
  test('OUT1 a send is durable before it is answered, and before the server hears of it', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    await device.engine.send(annaBen, text('hello'));
    expect(await device.store.outbox()).toMatchObject([
      { content: JSON.stringify(text('hello')), state: { type: 'waiting' } },
    ]);
    expect(sends(world)).toEqual([]);
    await world.clock.until(outboxIsEmpty(device));
    expect(logged(world)).toEqual(['hello']);
  });

  test('OUT2 several go in one call, each once, in order per conversation', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => device.engine.send(n % 2 ? group : annaBen, text(`${n}`))),
    );
    await world.clock.until(outboxIsEmpty(device));
    const calls = sends(world);
    expect(calls.flat()).toHaveLength(100);
    expect(calls.length).toBeLessThan(10);
    expect(Math.max(...calls.map((call) => call.length))).toBeLessThanOrEqual(64);
    expect(logged(world)).toEqual(Array.from({ length: 50 }, (_, n) => `${2 * n}`));
    expect(logged(world, group)).toEqual(Array.from({ length: 50 }, (_, n) => `${2 * n + 1}`));
  });

  test('OUT2 a conversation that has to wait holds up no other, and keeps its own order', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    let busy = true;
    world.server.faults.refuseSend = (message) =>
      busy && message.conversationId === group ? { error: 'unavailable', retryAfterMs: 2_000 } : null;
    for (const n of [1, 2, 3]) await device.engine.send(group, text(`${n}`));
    await device.engine.send(annaBen, text('passes'));
    await world.clock.until(() => logged(world).includes('passes'));
    expect(logged(world, group)).toEqual([]);
    const before = sends(world).length;
    await world.clock.advance(1_900);
    expect(sends(world).length).toBe(before);
    busy = false;
    await world.clock.until(outboxIsEmpty(device));
    expect(logged(world, group)).toEqual(['1', '2', '3']);
  });

  test('OUT2 INV7 a long pause ends soon after another conversation’s send got through, unless the server asked for it', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    const down = new Set([group]);
    let asked = {};
    world.server.faults.refuseSend = ({ conversationId }) =>
      down.has(conversationId) ? { error: 'unavailable', ...asked } : null;
    await device.engine.send(group, text('waits'));
    await world.clock.advance(60_000);
    const whenItComes = async () => {
      await device.engine.send(annaBen, text('passes'));
      const since = world.clock.now();
      down.clear();
      await world.clock.until(outboxIsEmpty(device));
      return world.clock.now() - since;
    };
    const takenMs = await whenItComes();
    expect(takenMs).toBeLessThan(2_000);

    asked = { retryAfterMs: 6_000 };
    down.add(group);
    await device.engine.send(group, text('waits for as long as it is told'));
    await world.clock.advance(100);
    expect(await whenItComes()).toBeGreaterThan(5_000);
  });

  test('OUT4 what is refused for good fails, and lets the ones behind it pass; retried, it goes again as a retry', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    let refusing = true;
    world.server.faults.refuseSend = ({ content }) =>
      refusing && content.includes('bad') ? { error: 'not-allowed' } : null;
    for (const value of ['good', 'bad', 'better']) await device.engine.send(annaBen, text(value));
    await world.clock.until(() => logged(world).includes('better'));
    await world.clock.advance(100);
    const [failed] = await device.store.outbox();
    expect(failed?.state).toEqual({ type: 'failed', code: 'not-allowed' });
    refusing = false;
    await device.engine.retry((failed as OutboxItem).clientId);
    await world.clock.until(outboxIsEmpty(device));
    expect(logged(world)).toEqual(['good', 'better', 'bad']);
    expect(sends(world).at(-1)?.[0]?.retrySince).toBeDefined();
  });

  test('OUT4 what waited for more than 24 h fails as expired, and can be sent or dropped', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    world.server.refuse = () => new TidingsError('unavailable');
    world.server.cut();
    const old = await device.engine.send(annaBen, text('old'));
    const dropped = await device.engine.send(annaBen, text('dropped'));
    await world.clock.advance(100);
    world.clock.jump(expiryMs + 1);
    const fresh = await device.engine.send(annaBen, text('fresh'));
    world.server.refuse = null;
    await world.live(device);
    await world.clock.until(() => logged(world).length === 1);
    await world.clock.advance(100);
    expect(logged(world)).toEqual(['fresh']);
    expect((await device.store.outbox()).map((item) => [item.clientId, item.state])).toEqual([
      [old, { type: 'failed', code: 'expired' }],
      [dropped, { type: 'failed', code: 'expired' }],
    ]);
    await device.engine.discard(dropped);
    await device.engine.retry(old);
    await world.clock.until(outboxIsEmpty(device));
    expect(logged(world)).toEqual(['fresh', 'old']);
    expect(fresh).not.toBe(old);
  });

  test('OUT4 one that the server refuses the whole call for fails alone', async () => {
    await using world = new World();
    const device = world.device(anna);
    world.server.faults.fail = ({ path, input }) =>
      path === 'message.send' && JSON.stringify(input).includes('poison')
        ? new TidingsError('bad-input')
        : null;
    for (const value of ['a', 'poison', 'b']) await device.engine.send(annaBen, text(value));
    await device.engine.send(group, text('c'));
    await world.clock.until(async () => (await device.store.outbox()).length === 1);
    expect(logged(world)).toEqual(['a', 'b']);
    expect(logged(world, group)).toEqual(['c']);
    expect((await device.store.outbox())[0]?.state).toEqual({ type: 'failed', code: 'bad-input' });
  });

  test('OUT5 the head known before the first attempt is in the store before it, and every later attempt says so', async () => {
    await using world = new World();
    world.server.says(annaBen, ben, JSON.stringify(text('one')));
    const seen: LocalChange[] = [];
    const store = new MemoryStore();
    const device = await world.liveDevice(anna, { store });
    store.observe((changes) => void seen.push(...changes));
    let answers = 0;
    world.server.faults.loseAnswer = (path) => path === 'message.send' && answers++ < 2;
    world.server.faults.loseCall = (path) => {
      if (path === 'message.send')
        expect(seen.find((change) => change.type === 'put-outbox')?.item.triedSince).toBe(1);
      return false;
    };
    await device.engine.send(annaBen, text('hello'));
    await world.clock.until(outboxIsEmpty(device));
    expect(sends(world).map(([first]) => first?.retrySince)).toEqual([
      undefined,
      ...sends(world)
        .slice(1)
        .map(() => 1),
    ]);
    expect(sends(world).length).toBeGreaterThan(1);
    expect(world.server.log(annaBen).head).toBe(2);
  });

  test('OUT6 SEND2 an item that another flusher has sent is not sent twice, and does not stay', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    const entry = world.server.says(annaBen, anna, JSON.stringify(text('sent elsewhere')), {
      device: device.deviceId,
    });
    await world.clock.until(async () => (await device.store.conversation(annaBen))?.head === 1);
    const base = {
      conversationId: annaBen,
      kind: 'message' as const,
      content: entry.content,
      createdAt: world.clock.now(),
    };
    const client = entry.clientId as NonNullable<typeof entry.clientId>;
    // Another flusher writes late: once as sent, once as tried.
    await device.store.apply([
      {
        type: 'put-outbox',
        item: {
          ...base,
          clientId: client,
          triedSince: seq(0),
          state: { type: 'sent', seq: seq(1), sentAt: 1 },
        },
      },
    ]);
    device.engine.wake();
    await world.clock.until(outboxIsEmpty(device));
    await device.store.apply([
      {
        type: 'put-outbox',
        item: { ...base, clientId: client, triedSince: seq(0), state: { type: 'waiting' } },
      },
    ]);
    device.engine.wake();
    await world.clock.until(outboxIsEmpty(device));
    expect(world.server.log(annaBen).head).toBe(1);
  });

  test('OUT2 a call holds at most 64 sends and a quarter of a frame, and never overtakes within a conversation', () => {
    const item = (name: string, conversationId = annaBen, size = 10): OutboxItem => ({
      clientId: clientId(name.padEnd(8, '-')),
      conversationId,
      kind: 'message',
      content: 'x'.repeat(size),
      createdAt: 0,
      state: { type: 'waiting' },
    });
    const many = Array.from({ length: 100 }, (_, n) => item(`${n}`));
    expect(nextCall(many, () => false)).toEqual(many.slice(0, 64));
    const large = [item('small'), item('large', annaBen, 90_000), item('behind'), item('other', group)];
    expect(nextCall(large, () => false).map((each) => each.clientId.replaceAll('-', ''))).toEqual([
      'small',
      'other',
    ]);
    expect(nextCall(large, (id) => id === annaBen)).toEqual([large[3]]);
    expect(nextCall([large[1] as OutboxItem], () => false)).toHaveLength(1);
    expect(nextCall(many, () => false, new Set([many[0]?.clientId as never]))).toEqual([many[0]]);
  });
});
