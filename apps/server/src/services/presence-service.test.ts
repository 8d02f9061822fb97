import type { ConversationId } from '@tidings/api/ids';
import type { UserAct } from '@tidings/api/presence';
import type { Caller } from '@tidings/api/trpc';
import type { MeUpdate } from '@tidings/api/user';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Ear, World } from '../testing/world.ts';

let world: World;
let anna: Caller;
let ben: Caller;
let ears: { anna: Ear; ben: Ear };
/** Anna and Ben are at different handlers. */
const at = { anna: 0, ben: 1 } as const;

beforeEach(async () => {
  world = await World.start({ servers: 2 });
  [anna, ben] = await world.people('anna', 'ben');
  ears = { anna: await world.connect(anna, at.anna), ben: await world.connect(ben, at.ben) };
});
afterEach(() => world[Symbol.asyncDispose]());

type Name = keyof typeof at;
const callers = () => ({ anna, ben });

async function watch(who: Name, users: Caller[], conversationIds: ConversationId[] = []) {
  const watched = { userIds: users.map(({ userId }) => userId), conversationIds };
  return world.do(world.services(at[who]).presence.watch(callers()[who], ears[who].connection, watched));
}
async function act(who: Name, what: UserAct) {
  await world.do(world.services(at[who]).presence.act(callers()[who], ears[who].connection, what));
  await world.settle();
}
async function type(who: Name, conversation: ConversationId, typing = true) {
  await world.do(world.services(at[who]).presence.typing(callers()[who], conversation, typing));
  await world.settle();
}
async function prefer(who: Name, update: MeUpdate) {
  await world.do(world.services(at[who]).users.update(callers()[who], update));
  await world.pass(11_000);
}
const heard = (who: Name) =>
  ears[who].of('presence').map(({ presence }) => [presence.online, presence.lastSeen]);
const lastSeen = async (caller: Caller) => (await world.ports.lastSeen.read([caller.userId]))[0];

describe('PRES1 last seen', () => {
  test('PRES1 moves by acts, not by a socket’s coming and going', async () => {
    expect(await lastSeen(ben)).toBeNull();
    await act('ben', 'open');
    const opened = world.clock.now();
    expect(await lastSeen(ben)).toBe(opened);
    await world.pass(60_000);
    ears.ben.hangUp();
    await world.settle();
    await world.connect(ben, 0);
    expect(await lastSeen(ben)).toBe(opened);
  });

  test('PRES1 an app that is still open on a new connection shows as online, and moves nothing', async () => {
    await act('ben', 'open');
    const opened = world.clock.now();
    await world.pass(60_000);
    await act('ben', 'still');
    expect(await lastSeen(ben)).toBe(opened);
  });

  test('PRES1 moves to the end of a visit', async () => {
    await act('ben', 'open');
    await world.pass(3_000);
    await act('ben', 'close');
    expect(await lastSeen(ben)).toBe(world.clock.now());
  });

  test('PRES1 is not moved by what a device does in the background: it sends what waited, marks, and reads', async () => {
    const conversation = await world.direct(anna, ben);
    await act('ben', 'open');
    const opened = world.clock.now();
    await world.pass(60_000);
    const { receipts, sync } = world.services(at.ben);
    const position = await world.sent(ben, conversation, {}, at.ben);
    const marked = { conversationId: conversation, delivered: position, read: position };
    await world.do(receipts.mark(ben, [marked]));
    await world.do(sync.heads(ben, { limit: 10 }));
    expect(await lastSeen(ben)).toBe(opened);
  });

  test('PRES1 an act without a connection counts as well', async () => {
    await world.do(world.services().presence.act(ben, undefined, 'act'));
    expect(await lastSeen(ben)).toBe(world.clock.now());
    expect(await watch('anna', [ben])).toEqual([
      { userId: ben.userId, online: false, lastSeen: world.clock.now() },
    ]);
  });
});

describe('PRES2 watching', () => {
  test('PRES2 answers how things are, and tells how they change', async () => {
    expect(await watch('anna', [ben])).toEqual([{ userId: ben.userId, online: false, lastSeen: null }]);
    await act('ben', 'open');
    const opened = world.clock.now();
    expect(heard('anna')).toEqual([[true, opened]]);
    expect(await watch('anna', [ben])).toEqual([{ userId: ben.userId, online: true, lastSeen: opened }]);
    await world.pass(5_000);
    await act('ben', 'close');
    expect(heard('anna').at(-1)).toEqual([false, world.clock.now()]);
  });

  test('PRES2 tells nothing of who isn’t watched, or not any more', async () => {
    await act('ben', 'open');
    await world.pass(5_000);
    await watch('anna', [ben]);
    await watch('anna', []);
    await act('ben', 'close');
    expect(heard('anna')).toEqual([]);
  });

  test('PRES2 tells one state per user and 2 s, the last at the end', async () => {
    await watch('anna', [ben]);
    for (const what of ['open', 'close', 'open', 'close', 'open'] as const) await act('ben', what);
    expect(heard('anna')).toHaveLength(1);
    await world.pass(2_000);
    expect(heard('anna').map(([online]) => online)).toEqual([true, true]);
    await world.pass(10_000);
    expect(heard('anna')).toHaveLength(2);
  });

  test('PRES2 a device that goes takes the user offline, unless another is open', async () => {
    const tablet = await world.device(ben.userId);
    const other = await world.connect(tablet, 0);
    await world.do(world.services(0).presence.act(tablet, other.connection, 'open'));
    await act('ben', 'open');
    await watch('anna', [ben]);
    ears.ben.hangUp();
    await world.pass(5_000);
    expect(heard('anna').at(-1)?.[0] ?? true).toBe(true);
    other.hangUp();
    await world.pass(5_000);
    expect(heard('anna').at(-1)?.[0]).toBe(false);
  });

  test('INV10 PRES2 a handler that dies takes its users offline on others’ screens', async () => {
    await act('ben', 'open');
    await watch('anna', [ben]);
    await world.ports.registry.leave(world.server(at.ben).handler.id);
    world.ports.registry.renew = async () => true;
    await world.pass(15_000);
    expect(heard('anna').at(-1)?.[0]).toBe(false);
  });
});

describe('PRES2 typing', () => {
  test('PRES2 is told to members who watch the conversation, and not to the typist', async () => {
    const chat = await world.direct(anna, ben);
    await type('ben', chat);
    expect(ears.anna.of('typing')).toEqual([]);
    await world.pass(3_000);
    await watch('anna', [], [chat]);
    await watch('ben', [], [chat]);
    await type('ben', chat);
    expect(ears.anna.of('typing')).toEqual([
      { type: 'typing', conversationId: chat, userId: ben.userId, forMs: 6_000 },
    ]);
    await world.pass(2_000);
    await type('ben', chat, false);
    expect(ears.anna.of('typing').at(-1)?.forMs).toBe(0);
    expect(ears.ben.of('typing')).toEqual([]);
  });

  test('PRES2 is told once in 2 s, the last at the end', async () => {
    const chat = await world.direct(anna, ben);
    await watch('anna', [], [chat]);
    for (const typing of [true, true, false, true, false]) await type('ben', chat, typing);
    expect(ears.anna.of('typing')).toHaveLength(1);
    await world.pass(2_000);
    expect(ears.anna.of('typing').map(({ forMs }) => forMs)).toEqual([6_000, 0]);
  });

  test('ACC1 is neither said nor heard by who isn’t a member', async () => {
    const chloe = await world.person('chloe');
    const group = await world.group(chloe, ben, anna);
    await watch('anna', [], [group]);
    await type('ben', group);
    expect(ears.anna.of('typing')).toHaveLength(1);
    await world.do(world.services(at.ben).groups.remove(chloe, group, anna.userId));
    await world.pass(3_000);
    await type('ben', group);
    expect(ears.anna.of('typing')).toHaveLength(1);
    await expect(type('anna', group)).rejects.toMatchObject({ code: 'not-a-member' });
    await watch('anna', [], [group]);
    await world.pass(3_000);
    await type('ben', group);
    expect(ears.anna.of('typing')).toHaveLength(1);
  });
});

describe('PRES3 who may see it', () => {
  const seen = async (who: Name, other: Caller) => (await watch(who, [other]))[0];
  beforeEach(() => act('ben', 'open'));

  test('PRES3 nobody sees what is hidden, and who hides it sees nobody’s', async () => {
    await act('anna', 'open');
    await prefer('ben', { onlineAudience: 'nobody' });
    expect(await seen('anna', ben)).toMatchObject({ online: null, lastSeen: expect.any(Number) });
    expect(await seen('ben', anna)).toMatchObject({ online: null, lastSeen: expect.any(Number) });
    await prefer('ben', { lastSeenAudience: 'nobody' });
    expect(await seen('anna', ben)).toMatchObject({ online: null, lastSeen: null });
    expect(await seen('ben', anna)).toMatchObject({ online: null, lastSeen: null });
    expect(await seen('ben', ben)).toMatchObject({ online: true });
  });

  test('PRES3 what is pushed is hidden alike', async () => {
    await watch('anna', [ben]);
    await prefer('ben', { onlineAudience: 'nobody', lastSeenAudience: 'nobody' });
    await act('ben', 'close');
    await world.pass(3_000);
    expect(heard('anna').at(-1)).toEqual([null, null]);
  });

  test('PRES3 people with whom one has a chat: a shared group', async () => {
    await prefer('ben', { onlineAudience: 'contacts' });
    expect(await seen('anna', ben)).toMatchObject({ online: null });
    await world.group(ben, anna);
    await world.pass(61_000);
    expect(await seen('anna', ben)).toMatchObject({ online: true });
  });

  test('PRES3 people with whom one has a chat: not who only wrote to one', async () => {
    await prefer('ben', { onlineAudience: 'contacts' });
    const chat = await world.direct(anna, ben);
    await world.sent(anna, chat);
    expect(await seen('anna', ben)).toMatchObject({ online: null });
    await world.sent(ben, chat);
    await world.pass(61_000);
    expect(await seen('anna', ben)).toMatchObject({ online: true });
  });

  test('PRES3 who isn’t there isn’t shown', async () => {
    expect(
      await world.do(
        world
          .services()
          .presence.watch(anna, undefined, { userIds: ['user-nobody' as never], conversationIds: [] }),
      ),
    ).toEqual([]);
  });
});
