import type { ConversationId } from '@tidings/api/ids';
import { seq } from '@tidings/api/ids';
import type { HeadsQuery } from '@tidings/api/sync';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { someGroup, World } from '../testing/world.ts';
import type { Ports } from './parts.ts';

let world: World;
let anna: Caller;
let ben: Caller;
let calls: string[];

/** Counts what the stores are asked. */
function counting(ports: Ports): Ports {
  const counted = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]) => {
          calls.push(String(name));
          return value.apply(target, parameters) as unknown;
        };
      },
    });
  const { messages, watermarks, conversations } = ports;
  return {
    ...ports,
    messages: counted(messages),
    watermarks: counted(watermarks),
    conversations: counted(conversations),
  };
}

beforeEach(async () => {
  calls = [];
  world = await World.start({ wrap: counting });
  [anna, ben] = await world.people('anna', 'ben');
});
afterEach(() => world[Symbol.asyncDispose]());

const heads = (caller: Caller, query: Partial<HeadsQuery> = {}) =>
  world.do(world.services().sync.heads(caller, { limit: 100, ...query }));
const head = async (caller: Caller, conversation: ConversationId) =>
  (await heads(caller, { only: [conversation] })).heads[0];

describe('a head', () => {
  test('of a direct conversation', async () => {
    const chat = await world.direct(anna, ben);
    await world.sent(anna, chat, { content: 'one' });
    await world.sent(anna, chat, { content: 'two' });
    const sentAt = world.clock.now();
    await world.do(
      world.services().receipts.mark(anna, [{ conversationId: chat, delivered: seq(2), read: seq(1) }]),
    );
    expect(await head(ben, chat)).toEqual({
      conversationId: chat,
      kind: 'direct',
      head: 2,
      joinedSeq: 1,
      removedSeq: null,
      role: 'member',
      delivered: 0,
      read: 0,
      othersDelivered: 2,
      othersRead: 1,
      unread: 2,
      headAt: sentAt,
      last: expect.objectContaining({ seq: 2, content: 'two' }),
      group: null,
      peer: anna.userId,
    });
  });

  test('of a group', async () => {
    const group = await world.group(anna, ben);
    await world.sent(ben, group, { content: 'hello' });
    expect(await head(anna, group)).toMatchObject({
      kind: 'group',
      head: 2,
      role: 'owner',
      unread: 1,
      group: { name: 'Group', description: '', iconId: null, memberCount: 2 },
      peer: null,
    });
  });

  test('shows the newest line, whatever stands above it', async () => {
    const chat = await world.direct(anna, ben);
    await world.sent(anna, chat, { content: 'first' });
    const target = await world.sent(anna, chat, { content: 'last' });
    for (const emoji of ['👍', '🎉', ''])
      await world.sent(ben, chat, { kind: 'reaction', target, content: emoji });
    expect((await head(ben, chat))?.last).toMatchObject({ seq: target, content: 'last' });
    await world.sent(anna, chat, { kind: 'delete', target, content: '' });
    expect((await head(ben, chat))?.last).toMatchObject({ seq: target, content: '', deleted: true });
    for (let count = 0; count < 12; count += 1)
      await world.sent(ben, chat, { kind: 'reaction', target: seq(1), content: '👍' });
    expect((await head(ben, chat))?.last).toBeNull();
  });

  test('ACC2 INV8 of a past member ends where they left', async () => {
    const group = await world.group(anna, ben);
    await world.sent(anna, group, { content: 'before' });
    await world.pass(1_000);
    await world.do(world.services().groups.remove(anna, group, ben.userId));
    const leftAt = world.clock.now();
    await world.pass(1_000);
    await world.sent(anna, group, { content: 'after' });
    expect(await head(ben, group)).toMatchObject({
      head: 3,
      removedSeq: 3,
      headAt: leftAt,
      unread: 1,
      last: { seq: 3, kind: 'change' },
    });
    expect((await heads(ben)).heads).toHaveLength(1);
  });

  test('INV6 unread is what counts above the read mark, up to 1,000', async () => {
    const chat = await world.direct(anna, ben);
    const target = await world.sent(anna, chat);
    await world.sent(ben, chat);
    await world.sent(anna, chat, { kind: 'edit', target });
    await world.sent(anna, chat);
    expect((await head(ben, chat))?.unread).toBe(2);
    await world.sent(anna, chat, { kind: 'delete', target, content: '' });
    expect((await head(ben, chat))?.unread).toBe(1);
    const cell = (at: number) => ({
      conversationId: chat,
      seq: seq(at),
      kind: 'message',
      sender: anna.userId,
      sentAt: 1,
      content: '',
    });
    await world.ports.messages.append(Array.from({ length: 1_200 }, (_, at) => cell(at + 6)));
    expect((await head(ben, chat))?.unread).toBe(1_000);
  });

  test('ACC3 of what is somebody else’s, or isn’t there, is left out', async () => {
    const [chloe, chat] = [await world.person('chloe'), await world.direct(anna, ben)];
    expect((await heads(chloe, { only: [chat, someGroup()] })).heads).toEqual([]);
    expect((await heads(chloe)).heads).toEqual([]);
  });
});

describe('the list', () => {
  test('stands newest first, in pages that join', async () => {
    const others = await Promise.all(
      ['a-user', 'b-user', 'c-user', 'd-user', 'e-user'].map((name) => world.person(name)),
    );
    const chats: ConversationId[] = [];
    for (const other of others) {
      chats.unshift(await world.direct(anna, other));
      await world.sent(other, chats[0] as ConversationId);
      await world.pass(1_000);
    }
    const pages = [await heads(anna, { limit: 2 })];
    for (let next = pages[0]?.next; next; next = pages.at(-1)?.next)
      pages.push(await heads(anna, { limit: 2, cursor: next }));
    expect(pages.map((page) => page.heads.length)).toEqual([2, 2, 1]);
    expect(pages.flatMap((page) => page.heads.map(({ conversationId }) => conversationId))).toEqual(chats);
    expect((await heads(anna, { cursor: 'nonsense' })).heads).toBeDefined();
  });

  test('leaves out a chat that somebody else opened and said nothing in', async () => {
    const chat = await world.direct(anna, ben);
    expect((await heads(anna)).heads).toHaveLength(1);
    expect((await heads(ben)).heads).toEqual([]);
    expect(await head(ben, chat)).toBeDefined();
    await world.sent(anna, chat);
    expect((await heads(ben)).heads).toHaveLength(1);
  });

  test('SYNC1 has what was acknowledged before, by whatever handler', async () => {
    await using two = await World.start({ servers: 2 });
    const [dora, emil] = await two.people('dora', 'emil');
    const chat = await two.direct(dora, emil);
    for (let count = 1; count <= 5; count += 1) {
      const position = await two.sent(dora, chat, {}, count % 2);
      const [found] = (await two.do(two.services((count + 1) % 2).sync.heads(emil, { limit: 10 }))).heads;
      expect(found?.head).toBe(position);
    }
  });

  test('who missed a few messages gets line, number and messages by one read of the log', async () => {
    await using two = await World.start({ servers: 2, wrap: counting });
    const [dora, emil] = await two.people('dora', 'emil');
    const chat = await two.direct(dora, emil);
    for (let count = 1; count <= 5; count += 1) await two.sent(dora, chat);
    calls = [];
    const { sync, messages } = two.services(1);
    const [found] = (await two.do(sync.heads(emil, { limit: 100 }))).heads;
    expect(found).toMatchObject({ unread: 5, last: { seq: 5 } });
    const range = { conversationId: chat, first: seq(1), last: seq(5), from: 'oldest', limit: 5 } as const;
    const [page] = await two.do(messages.read(emil, [range]));
    expect(page?.entries).toHaveLength(5);
    expect(calls.filter((name) => name === 'read' || name === 'countUnread')).toEqual(['read']);
  });

  test('INV6 what another handler deletes doesn’t count, whatever is cached here', async () => {
    await using two = await World.start({ servers: 2 });
    const [dora, emil] = await two.people('dora', 'emil');
    const chat = await two.direct(dora, emil);
    const target = await two.sent(dora, chat);
    await two.sent(dora, chat);
    const unread = async () =>
      (await two.do(two.services(1).sync.heads(emil, { limit: 100 }))).heads[0]?.unread;
    expect(await unread()).toBe(2);
    await two.sent(dora, chat, { kind: 'delete', target, content: '' });
    expect(await unread()).toBe(1);
  });

  test('many who ask at once ask the stores once', async () => {
    const chat = await world.direct(anna, ben);
    await world.sent(anna, chat);
    const phones = await Promise.all(Array.from({ length: 20 }, () => world.device(ben.userId)));
    calls = [];
    const { sync } = world.services();
    await world.do(Promise.all(phones.map((phone) => sync.heads(phone, { limit: 100 }))));
    expect(calls.length).toBeLessThanOrEqual(5);
  });
});
