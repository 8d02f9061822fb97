import { type GroupChange, parseGroupChange } from '@tidings/api/content';
import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, clientId, directId, seq, userId } from '@tidings/api/ids';
import type { Head } from '@tidings/api/sync';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Person, TestServices } from '../testing/test-services.ts';
import type { Ports } from './parts.ts';

// Password hashing, files and real time: slow on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: TestServices;
let anna: Person;
let ben: Person;
let chloe: Person;
let deniz: Person;
/** After which step of a change the process dies; after `apply`, only its answer is lost. */
let dieAfter: 'intend' | 'append' | 'apply' | null;

/** The directory of a process that dies in the middle of a change: as far as the stores can tell, it never comes back. */
function dying(ports: Ports): Ports {
  const { conversations } = ports;
  const die = () => Promise.reject(new TidingsError('unavailable', 'the process died here'));
  const deadly: Ports['conversations'] = {
    conversations: (ids) => conversations.conversations(ids),
    membershipsOf: (users) => conversations.membershipsOf(users),
    create: (conversation) => conversations.create(conversation),
    list: (after, limit) => conversations.list(after, limit),
    pending: (before, conversation) => conversations.pending(before, conversation),
    intend: (intent) => conversations.intend(intent).then(() => (dieAfter === 'intend' ? die() : undefined)),
    async apply(intent, at, time) {
      const record = dieAfter === 'append' ? await die() : await conversations.apply(intent, at, time);
      return dieAfter === 'apply' ? die() : record;
    },
  };
  return { ...ports, conversations: deadly };
}

beforeEach(async () => {
  dieAfter = null;
  world = await TestServices.start(dying);
  anna = await world.person('anna');
  ben = await world.person('ben');
  chloe = await world.person('chloe');
  deniz = await world.person('deniz');
});
afterEach(() => world[Symbol.asyncDispose]());

const idOf = (person: Person) => person.caller.userId;
const make = (clientId_ = 'group-0001', members = [ben, chloe]): Promise<Head> =>
  anna.api.group.create({ clientId: clientId(clientId_), name: 'Hikers', members: members.map(idOf) });

async function entriesOf(conversationId: ConversationId, reader = anna): Promise<readonly Entry[]> {
  const range = { conversationId, first: seq(1), last: seq(1_000), from: 'oldest' as const, limit: 1_000 };
  const [page] = await reader.api.message.read({ ranges: [range] });
  return page?.entries ?? [];
}

/** The lines about the group, as `who: what`. */
async function linesOf(conversationId: ConversationId, reader = anna): Promise<string[]> {
  const changes = (await entriesOf(conversationId, reader)).filter(({ kind }) => kind === 'change');
  return changes.map(
    ({ sender, content }) => `${nameOf(sender)}: ${told(parseGroupChange(content) as GroupChange)}`,
  );
}

const nameOf = (user: string) => user.replace('user-', '');
function told(change: GroupChange): string {
  switch (change.type) {
    case 'created':
    case 'added':
      return `${change.type} ${('members' in change ? change.members : change.users).map(nameOf).join(' ')}`;
    case 'removed':
      return `removed ${nameOf(change.user)}`;
    case 'role':
      return `made ${nameOf(change.user)} ${change.role}`;
    default:
      return change.type;
  }
}

async function rolesOf(conversationId: ConversationId): Promise<Record<string, string>> {
  const { members } = await anna.api.conversation.members({ conversationId });
  return Object.fromEntries(members.map(({ userId, role }) => [nameOf(userId), role]));
}

const headOf = async (person: Person, conversationId: ConversationId) =>
  (await person.api.sync.heads({ only: [conversationId] })).heads[0];

const refused = (code: string) => expect.objectContaining({ cause: expect.objectContaining({ code }) });

describe('GRP1 a change is a line of the log, and its rows stand at that line', () => {
  test('GRP1 creating', async () => {
    const head = await make();
    expect(head).toMatchObject({
      kind: 'group',
      head: 1,
      joinedSeq: 1,
      role: 'owner',
      group: { name: 'Hikers', memberCount: 3 },
    });
    expect(await linesOf(head.conversationId)).toEqual(['anna: created ben chloe']);
    expect(await rolesOf(head.conversationId)).toEqual({ anna: 'owner', ben: 'member', chloe: 'member' });
    expect(await headOf(ben, head.conversationId)).toMatchObject({
      head: 1,
      joinedSeq: 1,
      role: 'member',
      unread: 0,
    });
  });

  test('GRP1 adding, promoting, removing, leaving', async () => {
    const { conversationId } = await make();
    await anna.api.group.setRole({ conversationId, userId: idOf(ben), role: 'admin' });
    await ben.api.group.add({ conversationId, userIds: [idOf(deniz)] });
    await ben.api.group.remove({ conversationId, userId: idOf(chloe) });
    await deniz.api.group.leave({ conversationId });
    expect(await linesOf(conversationId)).toEqual([
      'anna: created ben chloe',
      'anna: made ben admin',
      'ben: added deniz',
      'ben: removed chloe',
      'deniz: left',
    ]);
    expect(await headOf(deniz, conversationId)).toMatchObject({ joinedSeq: 3, removedSeq: 5, head: 5 });
    expect(await headOf(chloe, conversationId)).toMatchObject({ joinedSeq: 1, removedSeq: 4, head: 4 });
    expect(await rolesOf(conversationId)).toEqual({ anna: 'owner', ben: 'admin' });
  });

  test('GRP1 name, description and icon', async () => {
    const { conversationId } = await make();
    const iconId = 'ab'.repeat(32) as never;
    await anna.api.group.update({
      conversationId,
      name: 'Strollers',
      description: 'Flat ground only',
      iconId,
    });
    expect(await linesOf(conversationId)).toEqual([
      'anna: created ben chloe',
      'anna: named',
      'anna: described',
      'anna: pictured',
    ]);
    expect((await headOf(ben, conversationId))?.group).toEqual({
      name: 'Strollers',
      description: 'Flat ground only',
      iconId,
      memberCount: 3,
    });
  });

  test('GRP1 who comes back reads from their return on', async () => {
    const { conversationId } = await make();
    await anna.api.group.remove({ conversationId, userId: idOf(ben) });
    await anna.api.group.add({ conversationId, userIds: [idOf(ben)] });
    expect((await entriesOf(conversationId, ben)).map(({ seq }) => seq)).toEqual([3]);
  });
});

describe('GRP2 an interrupted change is finished by whoever meets it', () => {
  const steps = ['intend', 'append'] as const;
  const dies = async (step: (typeof steps)[number], change: () => Promise<unknown>) => {
    dieAfter = step;
    await expect(change()).rejects.toEqual(refused('unavailable'));
    dieAfter = null;
    await world.restart();
    for (const person of [anna, ben, chloe, deniz]) Object.assign(person, { api: world.api(person.caller) });
  };

  test.each(steps)('GRP2 by the next change, after %s', async (step) => {
    const { conversationId } = await make();
    await dies(step, () => anna.api.group.remove({ conversationId, userId: idOf(ben) }));
    await anna.api.group.add({ conversationId, userIds: [idOf(deniz)] });
    expect(await linesOf(conversationId)).toEqual([
      'anna: created ben chloe',
      'anna: removed ben',
      'anna: added deniz',
    ]);
    expect(await headOf(ben, conversationId)).toMatchObject({ removedSeq: 2 });
  });

  test.each(steps)('GRP2 by its own repetition, without a second line, after %s', async (step) => {
    const { conversationId } = await make();
    const wish = () => anna.api.group.add({ conversationId, userIds: [idOf(deniz)] });
    await dies(step, wish);
    await wish();
    expect(await linesOf(conversationId)).toEqual(['anna: created ben chloe', 'anna: added deniz']);
    expect(await headOf(deniz, conversationId)).toMatchObject({ joinedSeq: 2 });
  });

  test.each(steps)('GRP2 creating, too, after %s', async (step) => {
    await dies(step, () => make());
    const head = await make();
    expect(await linesOf(head.conversationId)).toEqual(['anna: created ben chloe']);
    expect(await rolesOf(head.conversationId)).toEqual({ anna: 'owner', ben: 'member', chloe: 'member' });
  });

  test.each(steps)('GRP2 by the repair that runs beside, after %s', async (step) => {
    const { conversationId } = await make();
    await dies(step, () => anna.api.group.remove({ conversationId, userId: idOf(ben) }));
    const long = new Date(Date.now() - 60_000);
    await world.directory.client.groupChange.updateMany({ data: { createdAt: long } });
    await world.restart();
    const ben2 = { ...ben, api: world.api(ben.caller) };
    await vi.waitFor(
      async () => expect(await headOf(ben2, conversationId)).toMatchObject({ removedSeq: 2 }),
      { timeout: 20_000 },
    );
  });
});

describe('GRP3 members and owner', () => {
  test('GRP3 the owner’s leaving passes ownership on', async () => {
    const { conversationId } = await make();
    await anna.api.group.setRole({ conversationId, userId: idOf(chloe), role: 'admin' });
    await anna.api.group.leave({ conversationId });
    expect(await linesOf(conversationId, ben)).toEqual([
      'anna: created ben chloe',
      'anna: made chloe admin',
      'anna: made chloe owner',
      'anna: left',
    ]);
    await expect(ben.api.group.update({ conversationId, name: 'Mine' })).rejects.toEqual(
      refused('not-an-admin'),
    );
    await chloe.api.group.update({ conversationId, name: 'Mine' });
  });

  test('GRP3 of two who pass ownership at once one group has one owner', async () => {
    const { conversationId } = await make();
    const give = (to: Person) => anna.api.group.setRole({ conversationId, userId: idOf(to), role: 'owner' });
    const outcomes = await Promise.allSettled([give(ben), give(chloe)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(Object.values(await rolesOf(conversationId)).sort()).toEqual(['admin', 'member', 'owner']);
  });

  test('GRP3 at 1,024 it is full, also for two who add at once', async () => {
    const crowd = Array.from({ length: 1_020 }, (_, index) => `user-crowd-${index}`);
    const rows = crowd.map((id) => ({
      id,
      name: id,
      username: id,
      displayUsername: id,
      email: `${id}@users.invalid`,
    }));
    await world.directory.client.user.createMany({ data: rows });
    const { conversationId } = await anna.api.group.create({
      clientId: clientId('a-big-group'),
      name: 'Crowd',
      members: crowd.map((id) => userId(id)),
    });
    const add = (...people: Person[]) => anna.api.group.add({ conversationId, userIds: people.map(idOf) });
    const outcomes = await Promise.allSettled([add(ben, chloe), add(chloe, deniz)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const emma = await world.person('emma');
    await expect(add(emma)).rejects.toEqual(refused('group-full'));
    const first = await anna.api.conversation.members({ conversationId });
    expect(first).toMatchObject({ total: 1_024, next: expect.any(String) });
    const all = [...first.members];
    for (let next = first.next; next; ) {
      const page = await anna.api.conversation.members({ conversationId, cursor: next });
      all.push(...page.members);
      next = page.next;
    }
    expect(new Set(all.map(({ userId }) => userId)).size).toBe(1_024);
    expect(all[0]?.role).toBe('owner');
  });
});

describe('GRP4 a repeated change changes nothing', () => {
  test('GRP4 whatever it is', async () => {
    const { conversationId } = await make();
    const changes = [
      () => anna.api.group.add({ conversationId, userIds: [idOf(deniz)] }),
      () => anna.api.group.setRole({ conversationId, userId: idOf(ben), role: 'admin' }),
      () => anna.api.group.update({ conversationId, name: 'Strollers', description: 'Slowly' }),
      () => anna.api.group.remove({ conversationId, userId: idOf(chloe) }),
      () => deniz.api.group.leave({ conversationId }),
      () => anna.api.group.setRole({ conversationId, userId: idOf(ben), role: 'owner' }),
    ];
    for (const change of changes) {
      await change();
      const lines = await linesOf(conversationId);
      await change();
      expect(await linesOf(conversationId)).toEqual(lines);
    }
    expect(await linesOf(conversationId)).toHaveLength(8);
  });

  test('GRP4 creating twice, also at once, makes one group', async () => {
    const heads = await Promise.all([make(), make()]);
    heads.push(await make());
    expect(new Set(heads.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect(await linesOf(heads[0]!.conversationId)).toEqual(['anna: created ben chloe']);
    const another = await make('group-0002');
    expect(another.conversationId).not.toBe(heads[0]!.conversationId);
    const bens = await ben.api.group.create({
      clientId: clientId('group-0001'),
      name: 'Hikers',
      members: [],
    });
    expect(bens.conversationId).not.toBe(heads[0]!.conversationId);
  });
});

describe('GRP5 who is removed', () => {
  test('GRP5 learns it, and gets nothing from above', async () => {
    const { conversationId } = await make();
    const before = (await ben.api.sync.heads({})).accountHead;
    await anna.api.group.remove({ conversationId, userId: idOf(ben) });
    await anna.api.message.send({
      messages: [{ conversationId, clientId: clientId('secret-01'), kind: 'message', content: 'about ben' }],
    });
    expect((await entriesOf(conversationId, ben)).map(({ kind }) => kind)).toEqual(['change', 'change']);
    expect((await ben.api.sync.heads({})).accountHead).toBeGreaterThan(before);
    await expect(ben.api.conversation.members({ conversationId })).rejects.toEqual(refused('not-a-member'));
    await expect(ben.api.group.add({ conversationId, userIds: [idOf(ben)] })).rejects.toEqual(
      refused('not-a-member'),
    );
  });

  test('GRP5 learns it, and writes no more, though nobody heard that it was done', async () => {
    const { conversationId } = await make();
    const before = (await ben.api.sync.heads({})).accountHead;
    dieAfter = 'apply';
    await expect(anna.api.group.remove({ conversationId, userId: idOf(ben) })).rejects.toEqual(
      refused('unavailable'),
    );
    expect((await ben.api.sync.heads({})).accountHead).toBeGreaterThan(before);
    const late = { conversationId, clientId: clientId('too-late1'), kind: 'message', content: '' } as const;
    expect(await ben.api.message.send({ messages: [late] })).toMatchObject([{ error: 'not-a-member' }]);
  });
});

describe('ACC3 strangers', () => {
  test('ACC3 can’t tell a group that they aren’t in from one that isn’t there', async () => {
    const { conversationId } = await make();
    const nowhere = 'group:nowhere-at-all' as ConversationId;
    for (const id of [conversationId, nowhere, directId(idOf(anna), idOf(ben))]) {
      await expect(deniz.api.group.leave({ conversationId: id })).rejects.toEqual(refused('not-found'));
      await expect(deniz.api.group.update({ conversationId: id, name: 'x' })).rejects.toEqual(
        refused('not-found'),
      );
      await expect(deniz.api.group.add({ conversationId: id, userIds: [idOf(deniz)] })).rejects.toEqual(
        refused('not-found'),
      );
    }
  });

  test('nobody is added when one of them doesn’t exist', async () => {
    const { conversationId } = await make();
    const userIds = [idOf(deniz), userId('user-nobody')];
    await expect(anna.api.group.add({ conversationId, userIds })).rejects.toEqual(refused('not-found'));
    expect(Object.keys(await rolesOf(conversationId))).toHaveLength(3);
    await expect(
      anna.api.group.create({ clientId: clientId('with-nobody'), name: 'x', members: userIds }),
    ).rejects.toEqual(refused('not-found'));
  });

  test('a one-to-one conversation has no members to change', async () => {
    const { conversationId } = await anna.api.conversation.open({ userId: idOf(ben) });
    await expect(anna.api.group.add({ conversationId, userIds: [idOf(chloe)] })).rejects.toEqual(
      refused('not-found'),
    );
    await expect(anna.api.group.leave({ conversationId })).rejects.toEqual(refused('not-found'));
  });
});
