import { type ConversationId, handlerId, sessionId } from '@tidings/api/ids';
import { protocolVersion } from '@tidings/api/protocol';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Ear, Gate, World } from '../testing/world.ts';
import type { Ports } from './parts.ts';

let world: World;
let anna: Caller;
let ben: Caller;
let registered: Gate;
let registryIsDown: boolean;
/** Tells a handler that its channel was away. */
let missed: Map<string, () => void>;

function gated(ports: Ports): Ports {
  const { registry, channel } = ports;
  const watched: Ports['channel'] = {
    send: (to, envelope) => channel.send(to, envelope),
    listen(handler, take, tell = () => {}) {
      missed.set(handler, tell);
      return channel.listen(handler, take);
    },
    dropped: () => channel.dropped(),
  };
  const slow: Ports['registry'] = {
    renew: (handler, ms) => registry.renew(handler, ms),
    leave: (handler) => registry.leave(handler),
    unregister: (handler, connections) => registry.unregister(handler, connections),
    async register(handler, connections) {
      await registered.pass();
      if (registryIsDown) throw new Error('down');
      return registry.register(handler, connections);
    },
    handlersOf: (users) => registry.handlersOf(users),
  };
  return { ...ports, registry: slow, channel: watched };
}

beforeEach(async () => {
  registered = new Gate();
  registryIsDown = false;
  missed = new Map();
  world = await World.start({ servers: 2, wrap: gated });
  [anna, ben] = await world.people('anna', 'ben');
});
afterEach(() => world[Symbol.asyncDispose]());

const handlersOf = async (caller: Caller) => (await world.ports.registry.handlersOf([caller.userId]))[0];

describe('a stream', () => {
  test('SYNC1 begins with hello, when others can find it and not before', async () => {
    registered.close();
    const ear = new Ear(anna, world.services());
    await world.settle();
    expect(ear.events).toEqual([]);
    registered.open();
    await world.do(ear.greeted);
    expect(ear.events).toEqual([
      {
        type: 'hello',
        protocol: protocolVersion,
        userId: anna.userId,
        deviceId: anna.deviceId,
        sessionId: anna.sessionId,
        serverTime: world.clock.now(),
      },
    ]);
    expect(await handlersOf(anna)).toEqual(['handler-1']);
  });

  test('SYNC1 what is appended after hello is pushed or in the heads', async () => {
    const chat = await world.direct(anna, ben);
    for (let round = 1; round <= 10; round += 1) {
      const sending = world
        .services(1)
        .messages.send(anna, [
          { conversationId: chat, clientId: `client-${round}--` as never, kind: 'message', content: '' },
        ]);
      const ear = new Ear(ben, world.services(0));
      await world.do(ear.greeted);
      const { heads } = await world.do(world.services(0).sync.heads(ben, { limit: 1, only: [chat] }));
      await world.do(sending);
      await world.settle();
      expect(Math.max(heads[0]?.head ?? 0, ...ear.positions(chat))).toBe(round);
      ear.hangUp();
      await world.settle();
    }
  });

  test('is one per connection', async () => {
    const ear = await world.connect(anna);
    expect(() => world.services().stream.open(anna, ear.connection, undefined)).toThrow('conflict');
    ear.hangUp();
    await world.settle();
    expect(() => world.services().stream.open(anna, ear.connection, undefined)).not.toThrow();
  });

  test('that ended is nowhere registered', async () => {
    const ears = [await world.connect(anna, 0), await world.connect(anna, 1)];
    ears[0]?.hangUp();
    await world.settle();
    expect(await handlersOf(anna)).toEqual(['handler-2']);
    expect(world.server(0).handler.size).toBe(0);
  });

  test('that was given up before it began leaves nothing behind', async () => {
    registered.close();
    const ear = new Ear(anna, world.services());
    ear.hangUp();
    registered.open();
    await world.settle();
    expect(await handlersOf(anna)).toEqual([]);
    expect(world.server().handler.size).toBe(0);
  });

  test('SYNC9 whose reader doesn’t come is ended with `resume`, not thinned', async () => {
    const stream = world.services().stream.open(anna, {}, undefined)[Symbol.asyncIterator]();
    await world.do(stream.next());
    const chat = await world.direct(anna, ben);
    for (let call = 0; call < 160; call += 1) {
      await world.sendAll(
        ben,
        Array.from({ length: 64 }, (_, at) => ({
          conversationId: chat,
          clientId: `client-${call}-${at}` as never,
          kind: 'message' as const,
          content: '',
        })),
      );
    }
    const seen: unknown[] = [];
    for (let next = await world.do(stream.next()); !next.done; next = await world.do(stream.next()))
      seen.push(...next.value);
    expect(seen).toEqual([{ type: 'bye', reason: 'resume' }]);
    expect(world.server().handler.size).toBe(0);
  });
});

describe('the registry', () => {
  test('INV10 a dead handler’s users stop counting within one lease', async () => {
    await world.connect(anna, 0);
    world.ports.registry.renew = async () => true;
    await world.pass(9_999);
    expect(await handlersOf(anna)).toEqual(['handler-1']);
    await world.pass(1);
    expect(await handlersOf(anna)).toEqual([]);
  });

  test('INV10 a live handler’s users go on counting', async () => {
    await world.connect(anna, 0);
    await world.pass(60_000);
    expect(await handlersOf(anna)).toEqual(['handler-1']);
  });

  test('a lease that was lost is taken again, with everybody', async () => {
    await world.connect(anna, 0);
    await world.connect(ben, 0);
    await world.ports.registry.leave(world.server(0).handler.id);
    expect(await handlersOf(anna)).toEqual([]);
    await world.pass(4_000);
    expect(await handlersOf(anna)).toEqual(['handler-1']);
    expect(await handlersOf(ben)).toEqual(['handler-1']);
  });

  test('SYNC6 who comes while it is down is served, and registered and greeted again when it is back', async () => {
    registryIsDown = true;
    const ear = await world.connect(anna, 0);
    expect(ear.of('hello')).toHaveLength(1);
    registryIsDown = false;
    await world.pass(4_000);
    expect(await handlersOf(anna)).toEqual(['handler-1']);
    await world.pass(5_000);
    // SYNC6: what others had for her meanwhile went nowhere.
    expect(ear.of('hello')).toHaveLength(2);
    ear.hangUp();
    await world.settle();
    expect(await handlersOf(anna)).toEqual([]);
  });
});

describe('the channel', () => {
  test('SYNC6 INV7 that was away: who is served there is greeted again, once for several times', async () => {
    const [here, elsewhere] = [await world.connect(anna, 0), await world.connect(ben, 1)];
    await world.pass(10_000);
    const before = [here, elsewhere].map((ear) => ear.of('hello').length);
    missed.get('handler-1')?.();
    await world.pass(1_000);
    missed.get('handler-1')?.();
    await world.pass(5_000);
    const after = [here, elsewhere].map((ear) => ear.of('hello').length);
    expect(after.map((count, at) => count - (before[at] ?? 0))).toEqual([1, 0]);
  });
});

describe('the end of a session', () => {
  const end = (caller: Caller, at = 0) =>
    world.do(world.server(at).handler.end(caller.userId, [caller.sessionId]));

  test('SESS1 INV9 ends its streams at every handler at once, and no others', async () => {
    const tablet = await world.device(anna.userId);
    const ears = [await world.connect(anna, 0), await world.connect(anna, 1), await world.connect(tablet, 1)];
    const chat = await world.direct(anna, ben);
    await world.settle();
    await end(anna, 0);
    await world.settle();
    expect(ears.map(({ over }) => over)).toEqual([true, true, false]);
    for (const ear of ears.slice(0, 2))
      expect(ear.events.at(-1)).toEqual({ type: 'bye', reason: 'session-ended' });
    await world.sent(ben, chat);
    await world.settle();
    expect(ears.map((ear) => ear.positions(chat))).toEqual([[], [], [1]]);
  });

  test('SESS1 is told to processes that don’t serve the user, too: they may believe the cookie', async () => {
    const told: string[] = [];
    world.server(1).handler.listen({ sessionsEnded: (sessions) => told.push(...sessions) });
    await end(anna, 0);
    await world.settle();
    expect(told).toEqual([anna.sessionId]);
  });

  test('SESS1 INV9 that nobody told is noticed', async () => {
    const ear = await world.connect(anna, 0);
    await world.directory.client.session.delete({ where: { id: anna.sessionId } });
    await world.pass(31_000);
    expect(ear.events.at(-1)).toEqual({ type: 'bye', reason: 'session-ended' });
  });

  test('which sessions are connected is known, wherever they are', async () => {
    const [tablet, phone] = [await world.device(anna.userId), await world.device(anna.userId)];
    await world.connect(anna, 0);
    await world.connect(tablet, 1);
    const asking = world.server(0).handler.connected(anna.userId);
    await world.pass(300);
    expect([...(await asking)].sort()).toEqual([anna.sessionId, tablet.sessionId].sort());
    expect(phone.sessionId).not.toEqual(sessionId('session-of-nobody'));
  });
});

describe('draining', () => {
  test('tells everybody to go elsewhere and takes nobody new', async () => {
    const ear = await world.connect(anna, 0);
    const draining = world.server(0).drain();
    await world.settle();
    expect(ear.events.at(-1)).toEqual({ type: 'bye', reason: 'draining' });
    expect(() => world.services(0).stream.open(ben, {}, undefined)).toThrow('draining');
    await world.connect(ben, 1);
    await world.pass(4_000);
    await draining;
  });

  test('SYNC1 passes on what is sent here by who doesn’t know yet', async () => {
    const chat = await world.direct(anna, ben);
    const ear = await world.connect(anna, 0);
    await world.sent(ben, chat, {}, 1);
    await world.settle();
    expect(ear.positions(chat)).toEqual([1]);
    let gone = false;
    const leaving = world
      .server(0)
      .drain()
      .then(() => {
        gone = true;
      });
    const third = await world.startServer();
    const after = new Ear(anna, third.services);
    await world.do(after.greeted);
    await world.sent(ben, chat, {}, 1);
    await world.settle();
    expect(after.positions(chat)).toEqual([2]);
    expect(gone).toBe(false);
    await world.pass(4_000);
    await leaving;
  });

  test('INV7 waits for the notices and the pushes of what was appended meanwhile', async () => {
    const [chat, group] = [await world.direct(anna, ben), await world.group(anna, ben)];
    const ear = await world.connect(ben, 1);
    const { groupLog, registry } = world.ports;
    const [notices, lookups] = [new Gate(), new Gate()];
    const [produce, handlersOf] = [groupLog.produce.bind(groupLog), registry.handlersOf.bind(registry)];
    groupLog.produce = (topic, records) => notices.pass().then(() => produce(topic, records));
    registry.handlersOf = (users) => lookups.pass().then(() => handlersOf(users));
    notices.close();
    lookups.close();
    const positions = [await world.sent(anna, chat), await world.sent(anna, group)];
    let gone = false;
    const leaving = world
      .server(0)
      .drain()
      .then(() => {
        gone = true;
      });
    await world.settle();
    expect([gone, ear.positions(chat), ear.positions(group)]).toEqual([false, [], []]);
    notices.open();
    await world.settle();
    expect(gone).toBe(false);
    lookups.open();
    await world.do(leaving);
    await world.settle();
    expect([ear.positions(chat)[0], ear.positions(group)[0]]).toEqual(positions);
  });

  test('INV7 looks once more after what it accepted, since nobody else will', async () => {
    const group = await world.group(anna, ben);
    const ear = await world.connect(ben, 1);
    const { groupLog } = world.ports;
    const produce = groupLog.produce;
    groupLog.produce = () => Promise.reject(new Error('down'));
    const position = await world.sent(anna, group);
    await world.settle();
    groupLog.produce = produce;
    expect(ear.positions(group)).not.toContain(position);
    await world.do(world.server(0).drain());
    await world.settle();
    expect(ear.positions(group)).toContain(position);
  });

  test('is over at once where nobody was', () => world.do(world.server(0).drain()));

  test('stop is idempotent and gives the lease up', async () => {
    await world.connect(anna, 0);
    await world.do(world.server(0).stop());
    await world.do(world.server(0).stop());
    expect(await handlersOf(anna)).toEqual([]);
  });
});

test('SYNC6 who arrives while nobody knows where else they are is greeted again', async () => {
  const { registry } = world.ports;
  const lookUp = registry.handlersOf.bind(registry);
  registry.handlersOf = () => Promise.reject(new Error('down'));
  const ear = await world.connect(anna, 1);
  registry.handlersOf = lookUp;
  expect(ear.of('hello')).toHaveLength(1);
  await world.pass(3_000);
  expect(ear.of('hello')).toHaveLength(2);
});

test('SYNC6 who arrives just when the lease of their dead handler has run out is greeted again', async () => {
  const chat = await world.direct(anna, ben);
  const dead = await world.startServer();
  const before = new Ear(anna, dead.services);
  await world.do(before.greeted);
  // As if it had died: it renews its lease no more, and takes nothing.
  const { registry, channel } = world.ports;
  const renew = registry.renew.bind(registry);
  registry.renew = async (handler, ms) => handler === dead.handler.id || renew(handler, ms);
  const send = channel.send.bind(channel);
  channel.send = (to, envelope) => to === dead.handler.id || send(to, envelope);
  while ((await handlersOf(anna))?.length) {
    // Somebody looks her up, and will believe in it for a while.
    await world.sent(ben, chat, {}, 0);
    await world.pass(200);
  }
  const ear = await world.connect(anna, 1);
  const position = await world.sent(ben, chat, {}, 0);
  await world.settle();
  expect(ear.positions(chat)).not.toContain(position);
  await world.pass(6_500);
  expect(ear.of('hello')).toHaveLength(2);
});

test('INV7 a push whose lookup failed goes out when the registry answers again', async () => {
  const chat = await world.direct(anna, ben);
  const ear = await world.connect(ben, 1);
  const { registry } = world.ports;
  const lookUp = registry.handlersOf.bind(registry);
  registry.handlersOf = () => Promise.reject(new Error('down'));
  const position = await world.sent(anna, chat);
  await world.pass(1_000);
  registry.handlersOf = lookUp;
  expect(ear.positions(chat)).toEqual([]);
  await world.pass(1_000);
  expect(ear.positions(chat)).toEqual([position]);
});

describe('lookups that are cached', () => {
  const say = async (conversationId: ConversationId) => {
    const position = await world.sent(ben, conversationId, {}, 0);
    await world.settle();
    return position;
  };

  test('SYNC1 don’t hide who went from here to another handler', async () => {
    const chat = await world.direct(anna, ben);
    const before = await world.connect(anna, 0);
    await say(chat);
    before.hangUp();
    await world.pass(1_000);
    const after = await world.connect(anna, 1);
    const position = await say(chat);
    expect(after.positions(chat)).toEqual([position]);
  });

  test('SYNC1 don’t hide a device that came to another handler since', async () => {
    const tablet = await world.device(anna.userId);
    const chat = await world.direct(anna, ben);
    const first = await world.connect(anna, 1);
    await say(chat);
    const third = await world.startServer();
    const second = new Ear(tablet, third.services);
    await world.do(second.greeted);
    const position = await say(chat);
    expect(first.positions(chat)).toContain(position);
    expect(second.positions(chat)).toEqual([position]);
  });

  test('SYNC1 don’t send into the void what is for a device that has moved', async () => {
    const chat = await world.direct(anna, ben);
    const before = await world.connect(anna, 1);
    await say(chat);
    before.hangUp();
    await world.settle();
    const third = await world.startServer();
    const after = new Ear(anna, third.services);
    await world.do(after.greeted);
    expect([await say(chat)]).toEqual(after.positions(chat));
  });

  /** A handler that has died and that the registry still believes in. */
  const bury = async (caller: Caller) => {
    const ghost = handlerId('handler-dead');
    await world.ports.registry.renew(ghost, 10_000);
    await world.ports.registry.register(ghost, [{ user: caller.userId, device: caller.deviceId }]);
  };
  const connectPastIt = async (caller: Caller, at: number) => {
    const ear = new Ear(caller, world.services(at));
    await world.pass(300);
    await world.do(ear.greeted);
    return ear;
  };

  test('INV6 don’t outlive what is learnt when a device arrives', async () => {
    const tablet = await world.device(anna.userId);
    const chat = await world.direct(anna, ben);
    await bury(anna);
    await say(chat);
    const [phoneEar] = [await connectPastIt(anna, 1), await connectPastIt(tablet, 0)];
    await world.do(
      world
        .services(0)
        .receipts.mark(tablet, [{ conversationId: chat, delivered: 1 as never, read: 1 as never }]),
    );
    await world.settle();
    expect(phoneEar.of('own-marks')).toMatchObject([{ delivered: 1, read: 1 }]);
  });

  test('SYNC6 that believe in a dead handler: who came meanwhile is greeted again when they can’t any more', async () => {
    const chat = await world.direct(anna, ben);
    await bury(anna);
    await say(chat);
    const ear = await connectPastIt(anna, 1);
    await say(chat);
    expect(ear.positions(chat)).toEqual([]);
    await world.pass(3_000);
    expect(ear.of('hello')).toHaveLength(2);
    await say(chat);
    expect(ear.positions(chat)).toContain(3);
  });

  test('a handler that doesn’t answer holds nobody up for long', async () => {
    await world.connect(anna, 1);
    const unanswering = world.ports.channel.send.bind(world.ports.channel);
    world.ports.channel.send = () => {};
    const ear = new Ear(await world.device(anna.userId), world.services(0));
    await world.settle();
    expect(ear.events).toEqual([]);
    await world.pass(300);
    expect(ear.of('hello')).toHaveLength(1);
    world.ports.channel.send = unanswering;
  });
});
