import { type ConversationId, clientId, userId } from '@tidings/api/ids';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Person, TestServices } from '../testing/test-services.ts';

// Password hashing, files and real time: slow on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: TestServices;
let anna: Person;
let ben: Person;

beforeEach(async () => {
  world = await TestServices.start();
  anna = await world.person('anna', 'Anna Keller');
  ben = await world.person('ben', 'Ben Okafor');
});
afterEach(() => world[Symbol.asyncDispose]());

const refused = (code: string) => expect.objectContaining({ cause: expect.objectContaining({ code }) });
const open = (from: Person, to: Person) => from.api.conversation.open({ userId: to.caller.userId });
const listed = async (person: Person) =>
  (await person.api.sync.heads({})).heads.map(({ conversationId }) => conversationId);
const say = (person: Person, conversationId: ConversationId) =>
  person.api.message.send({
    messages: [{ conversationId, clientId: clientId('first-words'), kind: 'message', content: '{}' }],
  });

describe('opening a conversation', () => {
  test('makes the one conversation of two people, whoever opens it, also both at once', async () => {
    const heads = await Promise.all([open(anna, ben), open(ben, anna), open(anna, ben)]);
    expect(new Set(heads.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect(heads[0]).toMatchObject({
      kind: 'direct',
      head: 0,
      joinedSeq: 1,
      removedSeq: null,
      unread: 0,
      peer: ben.caller.userId,
    });
  });

  test('shows nothing to the other before the first message', async () => {
    const { conversationId } = await open(anna, ben);
    expect(await listed(anna)).toEqual([conversationId]);
    expect(await listed(ben)).toEqual([]);
    expect((await ben.api.account.snapshot({})).seq).toBe(0);
    await say(anna, conversationId);
    expect(await listed(ben)).toEqual([conversationId]);
  });

  test('wakes the opener’s other devices, once', async () => {
    await open(anna, ben);
    const { seq, items } = await anna.api.account.snapshot({});
    expect(items.map(({ key }) => key)).toEqual([expect.stringMatching(/^conversation:direct:/)]);
    await open(anna, ben);
    expect((await anna.api.account.snapshot({})).seq).toBe(seq);
  });

  test('there is none with oneself, nor with nobody', async () => {
    await expect(open(anna, anna)).rejects.toEqual(refused('not-found'));
    await expect(anna.api.conversation.open({ userId: userId('user-nobody') })).rejects.toEqual(
      refused('not-found'),
    );
  });
});

describe('the members', () => {
  test('owner and admins first, then by name', async () => {
    const people = [
      ben,
      await world.person('zoe', 'Zoë Adams'),
      await world.person('chloe', 'Chloé Martin'),
      await world.person('emil', 'Émile Zola'),
    ];
    const { conversationId } = await anna.api.group.create({
      clientId: clientId('group-0001'),
      name: 'Hikers',
      members: people.map(({ caller }) => caller.userId),
    });
    await anna.api.group.setRole({ conversationId, userId: people[1]!.caller.userId, role: 'admin' });
    const { members, total, next } = await ben.api.conversation.members({ conversationId });
    expect(members.map((member) => `${member.userId} ${member.role}`)).toEqual([
      'user-anna owner',
      'user-zoe admin',
      'user-ben member',
      'user-chloe member',
      'user-emil member',
    ]);
    expect({ total, next }).toEqual({ total: 5, next: undefined });
  });

  test('ACC3 are for members: a stranger learns nothing', async () => {
    const { conversationId } = await open(anna, ben);
    const chloe = await world.person('chloe');
    await expect(chloe.api.conversation.members({ conversationId })).rejects.toEqual(refused('not-found'));
    expect((await ben.api.conversation.members({ conversationId })).total).toBe(2);
    await expect(ben.api.conversation.members({ conversationId, cursor: 'x' })).rejects.toEqual(
      refused('bad-input'),
    );
  });
});
