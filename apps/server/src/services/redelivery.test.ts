import { TidingsError } from '@tidings/api/errors';
import { accountId, type ConversationId, seq } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Ear, Gate, World } from '../testing/world.ts';
import type { Ports } from './parts.ts';

let world: World;
let anna: Caller;
let ben: Caller;
let chat: ConversationId;
let channelIsDown: boolean;

function breakable(ports: Ports): Ports {
  const { channel, groupLog } = ports;
  const lossyChannel: Ports['channel'] = {
    send: (to, envelope) => channelIsDown || channel.send(to, envelope),
    listen: (handler, take) => channel.listen(handler, take),
    dropped: () => channel.dropped(),
  };
  const lossyLog: Ports['groupLog'] = {
    produce: async (topic, records) => (channelIsDown ? undefined : groupLog.produce(topic, records)),
    consume: (topic, group, handle) => groupLog.consume(topic, group, handle),
  };
  return { ...ports, channel: lossyChannel, groupLog: lossyLog };
}

beforeEach(async () => {
  channelIsDown = false;
  world = await World.start({ servers: 2, wrap: breakable });
  [anna, ben] = await world.people('anna', 'ben');
  chat = await world.direct(anna, ben);
});
afterEach(() => world[Symbol.asyncDispose]());

const acknowledge = (caller: Caller, conversationId: ConversationId, upTo: number, at = 1) =>
  world.do(
    world.services(at).receipts.mark(caller, [{ conversationId, delivered: seq(upTo), read: seq(0) }]),
  );

describe('SYNC8 what a connected recipient hasn’t acknowledged', () => {
  test('SYNC8 is pushed again after some seconds', async () => {
    const ear = await world.connect(ben, 1);
    channelIsDown = true;
    await world.sent(anna, chat);
    await world.settle();
    channelIsDown = false;
    expect(ear.positions(chat)).toEqual([]);
    await world.pass(10_000);
    expect(ear.positions(chat)).toEqual([1]);
  });

  test('SYNC8 also in a group whose notices were lost', async () => {
    const chloe = await world.person('chloe');
    const group = await world.group(anna, ben, chloe);
    const ears = [await world.connect(ben, 1), await world.connect(chloe, 0)];
    channelIsDown = true;
    await world.sent(anna, group);
    await world.settle();
    channelIsDown = false;
    await world.pass(10_000);
    for (const ear of ears) expect(ear.positions(group)).toContain(2);
  });

  test('SYNC8 is pushed again until it is acknowledged, and not any more', async () => {
    const ear = await world.connect(ben, 1);
    await world.sent(anna, chat);
    await world.pass(12_000);
    const pushes = ear.positions(chat).length;
    expect(pushes).toBeGreaterThan(1);
    await acknowledge(ben, chat, 1);
    await world.pass(30_000);
    expect(ear.positions(chat)).toHaveLength(pushes);
  });

  test('SYNC8 goes past the cache of lookups', async () => {
    const first = await world.connect(ben, 0);
    await world.sent(anna, chat);
    first.hangUp();
    await world.settle();
    const second = await world.connect(ben, 1);
    await world.sent(anna, chat);
    await world.pass(12_000);
    expect(second.positions(chat)).toContain(2);
  });

  test('SYNC8 is given up when the recipient is offline, and after a minute of silence', async () => {
    const reads = world.ports.watermarks.ofConversations.bind(world.ports.watermarks);
    let looks = 0;
    world.ports.watermarks.ofConversations = (ids) => {
      looks += ids.length;
      return reads(ids);
    };
    await world.sent(anna, chat);
    await world.pass(60_000);
    expect(looks).toBeLessThanOrEqual(2);
    const ear = await world.connect(ben, 1);
    await world.sent(anna, chat);
    await world.pass(300_000);
    expect(ear.positions(chat).length).toBeLessThan(30);
  });

  test('SYNC8 INV7 tells a second device what the first has acknowledged, when entry and mark were lost on the way', async () => {
    const tablet = await world.device(ben.userId);
    await world.connect(ben, 0);
    const behind = await world.connect(tablet, 1);
    channelIsDown = true;
    const position = await world.sent(anna, chat);
    await acknowledge(ben, chat, position, 0);
    await world.settle();
    channelIsDown = false;
    expect(behind.events).toHaveLength(1);
    await world.pass(10_000);
    expect(behind.of('own-marks')).toMatchObject([{ conversationId: chat, delivered: position }]);
  });

  test('SYNC8 pushes to a device what another of its user has sent and gone', async () => {
    const tablet = await world.device(anna.userId);
    const behind = await world.connect(tablet, 1);
    channelIsDown = true;
    const position = await world.sent(anna, chat);
    await world.settle();
    channelIsDown = false;
    await world.pass(10_000);
    expect(behind.positions(chat)).toEqual([position]);
  });

  test('SYNC8 lets who was removed have nothing from above', async () => {
    const group = await world.group(anna, ben);
    const ear = await world.connect(ben, 1);
    channelIsDown = true;
    await world.do(world.services().groups.remove(anna, group, ben.userId));
    await world.sent(anna, group);
    await world.settle();
    channelIsDown = false;
    await world.pass(30_000);
    expect(ear.positions(group).filter((position) => position > 2)).toEqual([]);
  });
});

describe('SYNC8 ACCT1 what was put in an account log', () => {
  let tablet: Caller;
  beforeEach(async () => {
    tablet = await world.device(anna.userId);
  });

  const log = () => accountId(anna.userId);
  const put = async () => {
    const items = [{ key: `pin:${chat}`, value: 1 }];
    return (await world.do(world.services().accounts.put(anna, items))).seq;
  };
  const putUnheard = async () => {
    channelIsDown = true;
    const position = await put();
    await world.settle();
    channelIsDown = false;
    return position;
  };

  test('SYNC8 ACCT1 comes to the other device although its push was lost and nothing follows', async () => {
    const behind = await world.connect(tablet, 1);
    const position = await putUnheard();
    expect(behind.positions(log())).toEqual([]);
    await world.pass(8_000);
    expect(behind.positions(log())).toEqual([position]);
  });

  test('SYNC8 ACCT1 comes although it was lost twice, and while the registry was down', async () => {
    const behind = await world.connect(tablet, 1);
    const position = await put();
    const pushed = behind.positions(log()).length;
    const { registry } = world.ports;
    const lookUp = registry.handlersOf.bind(registry);
    channelIsDown = true;
    await world.pass(8_000);
    registry.handlersOf = () => Promise.reject(new TidingsError('unavailable'));
    await world.pass(60_000);
    registry.handlersOf = lookUp;
    channelIsDown = false;
    await world.pass(4_000);
    expect(behind.positions(log()).slice(pushed)).toEqual([position]);
  });

  test('SYNC8 tells the newest, three times, and not the device that put it', async () => {
    const [own, behind] = [await world.connect(anna, 0), await world.connect(tablet, 1)];
    await putUnheard();
    const position = await putUnheard();
    await world.pass(60_000);
    expect(behind.positions(log())).toEqual([position, position, position]);
    expect(own.positions(log())).toEqual([position - 1, position]);
  });

  test('SYNC8 is not told again where all of a user’s devices are served by the handler that took it', async () => {
    const beside = await world.connect(tablet, 0);
    const position = await put();
    await world.pass(60_000);
    expect(beside.positions(log())).toEqual([position]);
  });
});

describe('what was lost between two handlers', () => {
  let tablet: Caller;
  let behind: Ear;
  beforeEach(async () => {
    tablet = await world.device(ben.userId);
    behind = await world.connect(tablet, 1);
    await world.sent(anna, chat);
    await acknowledge(ben, chat, 1, 0);
    await world.pass(30_000);
    behind.events.length = 0;
  });

  test('SYNC10 INV6 is noticed: who may have missed it is greeted again, and looks', async () => {
    channelIsDown = true;
    await world.do(
      world.services().receipts.mark(ben, [{ conversationId: chat, delivered: seq(1), read: seq(1) }]),
    );
    await world.settle();
    channelIsDown = false;
    expect(behind.events).toEqual([]);
    await world.pass(5_000);
    expect(behind.of('hello')).toHaveLength(1);
  });

  test('SYNC10 nobody is greeted again where nothing was lost', async () => {
    await world.do(
      world.services().receipts.mark(ben, [{ conversationId: chat, delivered: seq(1), read: seq(1) }]),
    );
    await world.pass(60_000);
    expect(behind.of('own-marks')).toHaveLength(1);
    expect(behind.of('hello')).toEqual([]);
  });

  test('SYNC10 what is lost while everybody is being greeted is noticed as well', async () => {
    channelIsDown = true;
    await world.sent(anna, chat);
    await world.settle();
    channelIsDown = false;
    await world.clock.pass(3_000);
    expect(behind.of('hello')).toHaveLength(1);
    channelIsDown = true;
    await world.sent(anna, chat);
    await world.settle();
    channelIsDown = false;
    await world.pass(8_000);
    expect(behind.of('hello').length).toBeGreaterThan(1);
  });
});

describe('the race of a recipient who flaps between the look-up and the delivery', () => {
  test('SYNC8 is lost by the push, and won by the second look', async () => {
    const before = await world.connect(ben, 1);
    const third = await world.startServer();
    const { registry, channel } = world.ports;
    const looked = new Gate();
    const lookUp = registry.handlersOf.bind(registry);
    registry.handlersOf = async (users) => {
      const answer = await lookUp(users);
      await looked.pass();
      return answer;
    };

    // Anna's handler appends, then looks up: Ben is at the second handler, and the answer is on its way.
    looked.close();
    await world.sent(anna, chat);
    // Meanwhile he has come to the third, has read the heads, and knows of the message: so far one side sees the other.
    registry.handlersOf = lookUp;
    before.hangUp();
    await world.settle();
    const after = new Ear(ben, third.services);
    await world.do(after.greeted);
    const { heads } = await world.do(third.services.sync.heads(ben, { limit: 1, only: [chat] }));
    expect(heads[0]?.head).toBe(1);
    // But what he read was lost on the way, the second handler has died, and the push goes where it was.
    const send = channel.send.bind(channel);
    let lost = 0;
    channel.send = (to, envelope) => {
      if (to === world.server(1).handler.id) lost += 1;
      else send(to, envelope);
    };
    looked.open();
    await world.settle();
    expect(lost).toBe(1);
    expect(after.positions(chat)).toEqual([]);

    await world.pass(10_000);
    expect(after.positions(chat)).toContain(1);
  });
});
