import type { ConversationId } from '@tidings/api/ids';
import { accountId, clientId, seq } from '@tidings/api/ids';
import type { RangePage, ReadRange } from '@tidings/api/message';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { outgoing, someGroup, World } from '../testing/world.ts';

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

const rangeOf = (conversationId: ConversationId, having: Partial<ReadRange> = {}): ReadRange => ({
  conversationId,
  first: seq(1),
  last: seq(1_000_000),
  from: 'oldest',
  limit: 100,
  ...having,
});
const read = (caller: Caller, ...ranges: ReadRange[]) =>
  world.do(world.services().messages.read(caller, ranges));
const page = async (caller: Caller, conversation: ConversationId, having?: Partial<ReadRange>) =>
  (await read(caller, rangeOf(conversation, having)))[0] as RangePage;
const positions = ({ entries }: RangePage) => entries.map((entry) => entry.seq);
const say = async (count: number, conversation = chat, caller = anna, content = 'hello') => {
  for (let said = 0; said < count; said += 1) await world.sent(caller, conversation, { content });
};

describe('reading', () => {
  test('answers in the order asked, each range with its own error', async () => {
    await say(3);
    const pages = await read(
      ben,
      rangeOf(someGroup()),
      rangeOf(chat, { first: seq(2) }),
      rangeOf(chat, { limit: 1, from: 'newest' }),
    );
    expect(pages.map(({ error, first, last, head }) => ({ error, first, last, head }))).toEqual([
      { error: 'not-found', first: 1, last: 0, head: 0 },
      { error: undefined, first: 2, last: 3, head: 3 },
      { error: undefined, first: 3, last: 3, head: 3 },
    ]);
  });

  test('beyond the head there is nothing yet', async () => {
    await say(2);
    expect(await page(ben, chat, { first: seq(3) })).toMatchObject({
      first: 3,
      last: 2,
      head: 2,
      entries: [],
    });
  });

  test('holds 1,000 entries at most over all its ranges, and something for each', async () => {
    for (let call = 0; call < 24; call += 1) {
      await world.sendAll(
        anna,
        Array.from({ length: 50 }, () => outgoing(chat)),
      );
    }
    const pages = await read(
      ben,
      rangeOf(chat, { limit: 990 }),
      rangeOf(chat, { limit: 200 }),
      rangeOf(chat, { limit: 200 }),
    );
    expect(pages.map((each) => each.entries.length)).toEqual([990, 9, 1]);
  });

  test('holds about 2 MB at most, and something for each', async () => {
    await say(30, chat, anna, 'x'.repeat(96 * 1024));
    const whole = await page(ben, chat);
    expect(JSON.stringify(whole).length).toBeLessThan(2_100_000);
    expect(positions(whole)).toEqual(Array.from({ length: whole.last }, (_, index) => index + 1));
    const pages = await read(ben, ...Array.from({ length: 10 }, () => rangeOf(chat, { from: 'newest' })));
    expect(
      pages.every(({ last, entries }) => last === 30 && entries.length >= 1 && entries.length <= 2),
    ).toBe(true);
  });
});

describe('effects', () => {
  test('what stands above the page is told with it, as far as it still counts', async () => {
    await say(3);
    const target = seq(2);
    await world.sent(anna, chat, { kind: 'edit', target, content: 'first edit' });
    await world.sent(ben, chat, { kind: 'reaction', target, content: '👍' });
    await world.sent(anna, chat, { kind: 'edit', target, content: 'second edit' });
    await world.sent(ben, chat, { kind: 'reaction', target, content: '' });
    await world.sent(anna, chat, { kind: 'reaction', target: seq(1), content: '🎉' });
    const { effects } = await page(ben, chat, { last: seq(3) });
    expect(effects.map(({ kind, content }) => [kind, content])).toEqual([
      ['edit', 'second edit'],
      ['reaction', ''],
      ['reaction', '🎉'],
    ]);
    expect((await page(ben, chat, { first: seq(3), last: seq(3) })).effects).toEqual([]);
    expect((await page(ben, chat)).effects).toEqual([]);
  });

  test('SEND3 a later copy of a send does not stand for what came between the two', async () => {
    await say(1);
    const react = (content: string, copy: string) =>
      world.sent(ben, chat, { kind: 'reaction', target: seq(1), content, clientId: clientId(copy) });
    await react('👍', 'reaction-once');
    await react('❤️', 'reaction-other');
    await react('👍', 'reaction-once');
    const shown = async (last: number) =>
      (await page(anna, chat, { last: seq(last) })).effects.map(({ seq }) => seq);
    expect([await shown(1), await shown(2), await shown(3)]).toEqual([[3], [3], []]);
  });

  test('come from the store where the cache doesn’t reach', async () => {
    await say(2);
    await world.sent(anna, chat, { kind: 'edit', target: seq(1), content: 'edited' });
    await say(150);
    const { effects } = await page(ben, chat, { last: seq(2) });
    expect(effects).toEqual([expect.objectContaining({ kind: 'edit', content: 'edited', seq: 3 })]);
  });

  test('a page that grows too large with them is cut, and loses none that it needs', async () => {
    await say(60);
    for (let target = 1; target <= 60; target += 1) {
      await world.sent(anna, chat, { kind: 'edit', target: seq(target), content: 'x'.repeat(90_000) });
    }
    const first = await page(ben, chat, { last: seq(60) });
    expect(first.last).toBeLessThan(60);
    expect(first.effects.map(({ target }) => target)).toEqual(positions(first));
    const newest = await page(ben, chat, { last: seq(60), from: 'newest' });
    expect(newest.last).toBe(60);
    expect(newest.effects.map(({ target }) => target)).toEqual(positions(newest));
  });
});

describe('ACC2 a member reads their own span', () => {
  test('ACC2 INV8 from where they joined, up to where they were removed', async () => {
    const { groups } = world.services();
    const group = await world.group(anna, ben);
    await say(3, group);
    await world.do(groups.add(anna, group, [chloe.userId]));
    await say(2, group);
    await world.do(groups.remove(anna, group, chloe.userId));
    await say(2, group);
    expect(positions(await page(chloe, group))).toEqual([5, 6, 7, 8]);
    expect(await page(chloe, group)).toMatchObject({ first: 5, last: 8, head: 8 });
    expect(positions(await page(chloe, group, { from: 'newest', limit: 2 }))).toEqual([7, 8]);
    expect(await page(chloe, group, { first: seq(9), last: seq(10) })).toMatchObject({
      entries: [],
      last: 8,
    });
    expect(positions(await page(anna, group))).toHaveLength(10);
  });

  test('ACC2 INV8 effects from above the span are not told', async () => {
    const group = await world.group(anna, ben, chloe);
    const target = await world.sent(anna, group);
    await world.do(world.services().groups.remove(anna, group, chloe.userId));
    await world.sent(anna, group, { kind: 'edit', target, content: 'after' });
    expect((await page(chloe, group, { last: target })).effects).toEqual([]);
    expect((await page(ben, group, { last: target })).effects).toHaveLength(1);
  });

  test('ACC3 what doesn’t exist and what isn’t theirs is answered alike', async () => {
    await say(1);
    const group = someGroup();
    const anonymous = (answer: RangePage) => ({ ...answer, conversationId: '' });
    expect(anonymous(await page(chloe, chat))).toEqual(anonymous(await page(chloe, group)));
  });

  test('ACC4 an account log is its user’s', async () => {
    await world.do(world.services().accounts.put(anna, [{ key: `pin:${chat}`, value: 1 }]));
    expect((await page(anna, accountId(anna.userId))).entries.length).toBeGreaterThan(0);
    expect(await page(ben, accountId(anna.userId))).toMatchObject({ error: 'not-found', entries: [] });
  });
});

describe('MARK7 message info', () => {
  const info = (caller: Caller, conversation: ConversationId, position: number) =>
    world.do(world.services().messages.info(caller, conversation, seq(position)));
  const mark = (caller: Caller, conversationId: ConversationId, delivered: number, seen: number) =>
    world.do(
      world
        .services()
        .receipts.mark(caller, [{ conversationId, delivered: seq(delivered), read: seq(seen) }]),
    );

  test('MARK7 lists each other member with the times', async () => {
    const group = await world.group(anna, ben, chloe);
    const position = await world.sent(anna, group);
    const sentAt = world.clock.now();
    await world.pass(1_000);
    await mark(ben, group, position, 0);
    await world.pass(1_000);
    await mark(ben, group, position, position);
    expect(await info(anna, group, position)).toEqual({
      sentAt,
      members: [
        { userId: ben.userId, deliveredAt: sentAt + 1_000, readAt: sentAt + 2_000 },
        { userId: chloe.userId, deliveredAt: null, readAt: null },
      ],
    });
  });

  test('MARK7 is for the sender', async () => {
    const group = await world.group(anna, ben);
    const position = await world.sent(anna, group);
    await expect(info(ben, group, position)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(info(chloe, group, position)).rejects.toMatchObject({ code: 'not-found' });
    await expect(info(anna, group, 1)).rejects.toMatchObject({ code: 'not-found' });
    await expect(info(anna, group, 99)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('MARK5 leaves out the time of reading where receipts are off', async () => {
    const position = await world.sent(anna, chat);
    await mark(ben, chat, position, position);
    expect((await info(anna, chat, position)).members[0]?.readAt).not.toBeNull();
    await world.do(world.services().users.update(ben, { readReceipts: false }));
    expect((await info(anna, chat, position)).members[0]).toMatchObject({
      readAt: null,
      deliveredAt: expect.any(Number),
    });
  });
});
