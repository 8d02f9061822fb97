import { type ConversationId, clientId, seq } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { World } from '../testing/world.ts';
import { groupTopic } from './entry-delivery.ts';
import { graceMs } from './log-reader.ts';

let world: World;
let anna: Caller;
let ben: Caller;
let chloe: Caller;
let group: ConversationId;

const start = async (servers: number) => {
  world = await World.start({ servers });
  [anna, ben, chloe] = await world.people('anna', 'ben', 'chloe');
  group = await world.group(anna, ben, chloe);
};
beforeEach(() => start(1));
afterEach(() => world[Symbol.asyncDispose]());

const say = async (caller = anna, at = 0) => {
  const position = await world.sent(caller, group, {}, at);
  await world.settle();
  return position;
};
const remove = async (who: Caller, at = 0) => {
  await world.do(world.services(at).groups.remove(anna, group, who.userId));
  await world.settle();
};

describe('a message to a group', () => {
  test('reaches every member’s devices, the sender’s too, in order', async () => {
    const tablet = await world.device(anna.userId);
    const ears = [await world.connect(ben), await world.connect(chloe), await world.connect(tablet)];
    for (let count = 0; count < 20; count += 1) await world.sent(anna, group);
    await world.settle();
    for (const ear of ears)
      expect(ear.positions(group)).toEqual(Array.from({ length: 20 }, (_, at) => at + 2));
  });

  test('reaches members at other handlers', async () => {
    await world[Symbol.asyncDispose]();
    await start(3);
    const ears = [await world.connect(ben, 1), await world.connect(chloe, 2)];
    await say();
    for (const ear of ears) expect(ear.positions(group)).toEqual([2]);
  });

  test('is pushed in the order of the log: a hole is waited for, and at last sealed', async () => {
    const ear = await world.connect(ben);
    const cell = (at: number) => ({
      conversationId: group,
      seq: seq(at),
      kind: 'message',
      sender: anna.userId,
      clientId: clientId(`client-of-${at}`),
      sentAt: world.clock.now(),
      content: '',
    });
    const notice = (at: number) =>
      world.ports.groupLog.produce(groupTopic, [
        { key: group, value: { conversationId: group, seq: seq(at) } },
      ]);
    await world.ports.messages.append([cell(3)]);
    await notice(2);
    await notice(3);
    await world.settle();
    expect(ear.positions(group)).toEqual([]);
    await world.ports.messages.append([cell(2)]);
    await world.pass(graceMs);
    expect(ear.positions(group)).toEqual([2, 3]);

    await world.ports.messages.append([cell(5)]);
    await notice(5);
    await world.pass(graceMs - 1);
    expect(ear.positions(group)).toEqual([2, 3]);
    await world.pass(2);
    expect(ear.positions(group)).toEqual([2, 3, 5]);
    expect((await world.log(ben, group)).map(({ kind }) => kind)).toEqual([
      'change',
      'message',
      'message',
      'void',
      'message',
    ]);
  });
});

describe('GRP5 who is removed', () => {
  test('GRP5 INV8 learns it, and is pushed nothing from above', async () => {
    const [removed, other] = [await world.connect(chloe), await world.connect(ben)];
    await say();
    await remove(chloe);
    await say();
    expect(removed.positions(group)).toEqual([2, 3]);
    expect(other.positions(group)).toEqual([2, 3, 4]);
    const wakeUps = removed.of('entry').filter(({ entry }) => entry.kind === 'account');
    expect(wakeUps.map(({ entry }) => JSON.parse(entry.content).key)).toContain(`conversation:${group}`);
  });

  test('GRP5 INV8 nor when another process removed them', async () => {
    await world[Symbol.asyncDispose]();
    await start(2);
    const removed = await world.connect(chloe, 1);
    await say(anna, 1);
    await remove(chloe, 0);
    await say(anna, 1);
    expect(removed.positions(group)).toEqual([2, 3]);
    expect(await world.send(chloe, group, {}, 1)).toMatchObject({ error: 'not-a-member' });
    expect((await world.log(chloe, group, 1)).map((entry) => entry.seq)).toEqual([1, 2, 3]);
  });

  test('GRP5 INV8 nor while the change is under way', async () => {
    const removed = await world.connect(chloe);
    const { groups, messages } = world.services();
    const removing = groups.remove(anna, group, chloe.userId);
    const sends = Array.from({ length: 10 }, (_, at) =>
      messages.send(ben, [
        { conversationId: group, clientId: clientId(`client-of-${at}`), kind: 'message', content: '' },
      ]),
    );
    await world.do(Promise.all([removing, ...sends]));
    await world.settle();
    const change = (await world.log(anna, group)).findLast(({ kind }) => kind === 'change');
    expect(Math.max(...removed.positions(group))).toBe(change?.seq);
  });

  test('INV8 who was added is pushed from there on', async () => {
    const dora = await world.person('dora');
    const ear = await world.connect(dora);
    await say();
    await world.do(world.services().groups.add(anna, group, [dora.userId]));
    await world.settle();
    await say();
    expect(ear.positions(group)).toEqual([3, 4]);
  });
});
