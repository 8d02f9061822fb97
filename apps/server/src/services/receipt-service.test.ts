import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, seq } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Ear, Gate, someGroup, World } from '../testing/world.ts';

let world: World;
let anna: Caller;
let ben: Caller;
let chloe: Caller;
let chat: ConversationId;

beforeEach(async () => {
  world = await World.start();
  [anna, ben, chloe] = await world.people('anna', 'ben', 'chloe');
  chat = await world.direct(anna, ben);
});
afterEach(() => world[Symbol.asyncDispose]());

async function mark(
  caller: Caller,
  conversationId: ConversationId,
  delivered: number,
  read = 0,
  at = 0,
  of = world,
) {
  await of.do(
    of.services(at).receipts.mark(caller, [{ conversationId, delivered: seq(delivered), read: seq(read) }]),
  );
  await of.settle();
}
const head = async (caller: Caller, conversation: ConversationId) =>
  (await world.do(world.services().sync.heads(caller, { limit: 1, only: [conversation] }))).heads[0];
const say = async (count: number, conversation = chat, caller = anna) => {
  for (let said = 0; said < count; said += 1) await world.sent(caller, conversation);
};
const told = (ear: Ear, type: 'marks' | 'own-marks' = 'marks') =>
  ear.of(type).map(({ delivered, read }) => [delivered, read]);

describe('MARK1 marks', () => {
  test('MARK1 only grow, and read raises delivered', async () => {
    await say(9);
    await mark(ben, chat, 5, 3);
    expect(await head(ben, chat)).toMatchObject({ delivered: 5, read: 3, unread: 6 });
    await mark(ben, chat, 2, 1);
    expect(await head(ben, chat)).toMatchObject({ delivered: 5, read: 3 });
    await mark(ben, chat, 0, 8);
    expect(await head(ben, chat)).toMatchObject({ delivered: 8, read: 8, unread: 1 });
  });

  test('MARK1 INV5 are capped at the head', async () => {
    await say(3);
    await mark(ben, chat, 2 ** 40, 2 ** 40);
    await say(2);
    expect(await head(ben, chat)).toMatchObject({ delivered: 3, read: 3, unread: 2, head: 5 });
  });

  test('MARK1 of a past member are capped where they left', async () => {
    const group = await world.group(anna, ben, chloe);
    await world.do(world.services().groups.remove(anna, group, chloe.userId));
    await say(3, group);
    await mark(chloe, group, 5, 5);
    expect(await head(chloe, group)).toMatchObject({ delivered: 2, read: 2, head: 2 });
  });

  test('MARK1 several of a tick are one', async () => {
    await say(3);
    const { receipts } = world.services();
    const marks = [1, 3, 2].map((at) =>
      receipts.mark(ben, [{ conversationId: chat, delivered: seq(at), read: seq(at) }]),
    );
    await world.do(Promise.all(marks));
    expect(await head(ben, chat)).toMatchObject({ delivered: 3, read: 3 });
  });

  test('ACC1 nobody marks what isn’t theirs, and what is theirs is marked all the same', async () => {
    await say(1);
    await expect(mark(chloe, chat, 1)).rejects.toMatchObject({ code: 'not-found' });
    const both = [someGroup(), chat].map((conversationId) => ({
      conversationId,
      delivered: seq(1),
      read: seq(1),
    }));
    await expect(world.do(world.services().receipts.mark(ben, both))).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await head(ben, chat)).toMatchObject({ delivered: 1, read: 1 });
  });
});

describe('MARK6 who is told', () => {
  test('MARK6 the peer, and the own other devices', async () => {
    const tablet = await world.device(ben.userId);
    const [sender, other, self] = [
      await world.connect(anna),
      await world.connect(tablet),
      await world.connect(ben),
    ];
    await say(2);
    await mark(ben, chat, 1, 0);
    await mark(ben, chat, 2, 2);
    expect(told(sender)).toEqual([
      [1, 0],
      [2, 2],
    ]);
    expect(told(other, 'own-marks')).toEqual([
      [1, 0],
      [2, 2],
    ]);
    expect([...told(self, 'own-marks'), ...told(self)]).toEqual([]);
  });

  test('MARK6 INV6 both devices, when each marked something else in one tick', async () => {
    const tablet = await world.device(ben.userId);
    const [one, two] = [await world.connect(ben), await world.connect(tablet)];
    await say(4);
    const { receipts } = world.services();
    await world.do(
      Promise.all([
        receipts.mark(ben, [{ conversationId: chat, delivered: seq(2), read: seq(2) }]),
        receipts.mark(tablet, [{ conversationId: chat, delivered: seq(4), read: seq(1) }]),
      ]),
    );
    await world.settle();
    expect([told(one, 'own-marks'), told(two, 'own-marks')]).toEqual([[[4, 2]], [[4, 2]]]);
  });

  test('MARK6 INV6 also the device that marks, when more than that is stored', async () => {
    const self = await world.connect(ben);
    await say(4);
    const elsewhere = { conversation: chat, user: ben.userId, delivered: seq(4), read: seq(3), at: 1 };
    await world.do(world.ports.watermarks.advance([elsewhere]));
    await mark(ben, chat, 2, 1);
    expect(told(self, 'own-marks')).toEqual([[4, 3]]);
  });

  test('MARK6 nobody, when nothing moved', async () => {
    const sender = await world.connect(anna);
    await say(2);
    await mark(ben, chat, 2, 1);
    await mark(ben, chat, 2, 1);
    await mark(ben, chat, 1, 0);
    expect(told(sender)).toEqual([[2, 1]]);
  });

  test('MARK6 in a group the authors of what everybody has now, and nobody else', async () => {
    const dora = await world.person('dora');
    const group = await world.group(anna, ben, chloe, dora);
    const ears = {
      anna: await world.connect(anna),
      ben: await world.connect(ben),
      dora: await world.connect(dora),
    };
    const first = await world.sent(anna, group);
    const second = await world.sent(ben, group);
    for (const member of [anna, ben, chloe]) await mark(member, group, second);
    expect(Object.values(ears).flatMap((ear) => told(ear))).toEqual([]);
    await mark(dora, group, first, first);
    expect(told(ears.anna)).toEqual([[first, 0]]);
    expect(told(ears.ben)).toEqual([]);
    await mark(dora, group, second);
    expect(told(ears.ben)).toEqual([[second, 0]]);
    expect(told(ears.dora)).toEqual([]);
  });

  test('MARK6 what is told in a group equals what heads say', async () => {
    const group = await world.group(anna, ben, chloe);
    const ear = await world.connect(anna);
    const position = await world.sent(anna, group);
    await mark(ben, group, position, position);
    await mark(chloe, group, position, position);
    const { delivered, read } = ear.of('marks').at(-1) ?? {};
    expect(await head(anna, group)).toMatchObject({ othersDelivered: delivered, othersRead: read });
    expect(read).toBe(position);
  });

  test('MARK6 who joins later doesn’t take delivery back, nor does who leaves hold it up', async () => {
    const group = await world.group(anna, ben, chloe);
    const ear = await world.connect(anna);
    const position = await world.sent(anna, group);
    await mark(ben, group, position, position);
    const dora = await world.person('dora');
    await world.do(world.services().groups.add(anna, group, [dora.userId]));
    expect(await head(anna, group)).toMatchObject({ othersDelivered: 0 });
    await world.do(world.services().groups.remove(anna, group, chloe.userId));
    await world.settle();
    expect(await head(anna, group)).toMatchObject({ othersDelivered: position, othersRead: position });
    expect(told(ear).at(-1)).toEqual([position, position]);
  });

  test('MARK6 marks that two processes took are told when the last has come', async () => {
    await using two = await World.start({ servers: 2 });
    const [a, b, c] = await two.people('a-user', 'b-user', 'c-user');
    const group = await two.group(a, b, c);
    const ear = await two.connect(a);
    await mark(b, group, 1, 0, 0, two);
    await mark(c, group, 1, 0, 1, two);
    const position = await two.sent(a, group);
    await two.settle();
    await mark(b, group, position, position, 0, two);
    await mark(c, group, position, position, 1, two);
    await two.pass(3_000);
    expect(ear.of('marks').at(-1)).toMatchObject({ delivered: position, read: position });
  });
});

test('MARK6 two who mark at a time, of whose group nothing is known yet, are both told', async () => {
  const group = await world.group(anna, ben);
  await world.sent(anna, group);
  const last = await world.sent(ben, group);
  await world.pass(10_000);
  const fresh = await world.startServer();
  const ears = [new Ear(anna, fresh.services), new Ear(ben, fresh.services)];
  await world.do(Promise.all(ears.map((ear) => ear.greeted)));
  // Ben's is stored, and not answered yet, when Anna's makes the board be loaded.
  const { watermarks } = world.ports;
  const advance = watermarks.advance.bind(watermarks);
  const answer = new Gate();
  answer.close();
  watermarks.advance = async (marks) => {
    const stored = await advance(marks);
    if (marks.some(({ user }) => user === ben.userId)) await answer.pass();
    return stored;
  };
  const marks = [{ conversationId: group, delivered: last, read: seq(0) }];
  const bens = fresh.services.receipts.mark(ben, marks);
  await world.settle();
  await world.do(fresh.services.receipts.mark(anna, marks));
  await world.settle();
  answer.open();
  await world.do(bens);
  await world.settle();
  expect(ears.map((ear) => told(ear).at(-1))).toEqual([
    [last, 0],
    [last, 0],
  ]);
});

test('MARK6 who left holds nothing up, also where nothing was known of the group', async () => {
  const group = await world.group(anna, ben, chloe);
  const position = await world.sent(anna, group);
  await mark(ben, group, position, position);
  await world.pass(10_000);
  const fresh = await world.startServer();
  await world.do(world.server(0).stop());
  const ear = new Ear(anna, fresh.services);
  await world.do(ear.greeted);
  await world.do(fresh.services.groups.remove(anna, group, chloe.userId));
  await world.settle();
  expect(told(ear).at(-1)).toEqual([position, position]);
});

describe('MARK6 while something is down', () => {
  /** The next call of it does its work or not, and fails. */
  function failOnce<T extends object, K extends keyof T>(port: T, name: K, having: 'done' | 'not done') {
    const method = (port[name] as (...all: unknown[]) => Promise<unknown>).bind(port);
    const failing = async (...all: unknown[]) => {
      port[name] = method as T[K];
      if (having === 'done') await method(...all);
      throw new TidingsError('unavailable');
    };
    port[name] = failing as T[K];
  }

  test('MARK6 INV6 a mark that was stored by a call that failed is told all the same', async () => {
    const [sender, other] = [await world.connect(anna), await world.connect(await world.device(ben.userId))];
    await say(2);
    failOnce(world.ports.watermarks, 'advance', 'done');
    await expect(mark(ben, chat, 2, 2)).rejects.toThrow();
    expect([told(sender), told(other, 'own-marks')]).toEqual([[], []]);
    await world.pass(1_000);
    expect([told(sender), told(other, 'own-marks')]).toEqual([[[2, 2]], [[2, 2]]]);
  });

  test('MARK6 MARK5 a read mark is told when it is known again whether it may be', async () => {
    const sender = await world.connect(anna);
    await say(1);
    await world.pass(700_000);
    failOnce(world.ports.users, 'profiles', 'not done');
    await mark(ben, chat, 1, 1);
    expect(told(sender)).toEqual([[1, 0]]);
    await world.pass(1_000);
    expect(told(sender).at(-1)).toEqual([1, 1]);
  });

  test('MARK6 the authors in a group are told when the marks of all can be read again', async () => {
    const group = await world.group(anna, ben);
    const sender = await world.connect(anna);
    const position = await world.sent(anna, group);
    await world.settle();
    await world.pass(10_000);
    // Has seen nothing of the group yet.
    await world.startServer();
    failOnce(world.ports.watermarks, 'ofConversations', 'not done');
    await mark(ben, group, position, position, 1);
    expect(told(sender)).toEqual([]);
    await world.pass(2_000);
    expect(told(sender).at(-1)).toEqual([position, position]);
  });
});

describe('MARK6 what was told and what is read', () => {
  test('MARK6 INV5 say the same of every message, whoever marked it where and in which order', async () => {
    const action = fc.record({
      who: fc.integer({ min: 0, max: 2 }),
      what: fc.constantFrom('send' as const, 'deliver' as const, 'read' as const),
      upTo: fc.integer({ min: 1, max: 12 }),
      at: fc.integer({ min: 0, max: 1 }),
      waitMs: fc.constantFrom(0, 0, 0, 700),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 5, maxLength: 40 }),
        fc.boolean(),
        async (actions, direct) => {
          await using two = await World.start({ servers: 2 });
          const people = await two.people('a-user', 'b-user', 'c-user');
          const members = direct ? people.slice(0, 2) : people;
          const [a, b, ...others] = members as [Caller, Caller, ...Caller[]];
          const conversation = direct ? await two.direct(a, b) : await two.group(a, b, ...others);
          const ears = await Promise.all(
            members.map(async (member, index) => two.connect(member, index % 2)),
          );
          for (const { who, what, upTo, at, waitMs } of actions) {
            const caller = members[who % members.length] as Caller;
            if (what === 'send') await two.sent(caller, conversation, {}, at);
            else await mark(caller, conversation, upTo, what === 'read' ? upTo : 0, at, two);
            if (waitMs > 0) await two.pass(waitMs);
          }
          await two.pass(5_000);
          const log = await two.log(a, conversation);
          for (const [index, caller] of members.entries()) {
            const query = { limit: 1, only: [conversation] };
            const [now] = (await two.do(two.services(index % 2).sync.heads(caller, query))).heads;
            const marks = (ears[index] as Ear).of('marks');
            const toldDelivered = Math.max(0, ...marks.map(({ delivered }) => delivered));
            const toldRead = Math.max(0, ...marks.map(({ read }) => read));
            for (const { seq: position, sender, kind } of log) {
              if (sender !== caller.userId || kind !== 'message') continue;
              expect(toldDelivered >= position).toBe((now?.othersDelivered ?? 0) >= position);
              expect(toldRead >= position).toBe((now?.othersRead ?? 0) >= position);
            }
          }
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);
});

describe('MARK5 read receipts turned off', () => {
  const turnOff = (caller: Caller) =>
    world.do(world.services().users.update(caller, { readReceipts: false }));

  test.each(['reader', 'sender'] as const)(
    'MARK5 by the %s: the mark is told as delivered only',
    async (who) => {
      await turnOff(who === 'reader' ? ben : anna);
      const sender = await world.connect(anna);
      await say(1);
      await mark(ben, chat, 1, 1);
      expect(told(sender)).toEqual([[1, 0]]);
      expect(await head(anna, chat)).toMatchObject({ othersDelivered: 1, othersRead: 0 });
      expect(await head(ben, chat)).toMatchObject({ read: 1 });
    },
  );

  test('MARK5 groups excepted', async () => {
    const group = await world.group(anna, ben);
    await turnOff(ben);
    const sender = await world.connect(anna);
    const position = await world.sent(anna, group);
    await mark(ben, group, position, position);
    expect(told(sender).at(-1)).toEqual([position, position]);
  });
});
