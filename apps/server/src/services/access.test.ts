import { TidingsError } from '@tidings/api/errors';
import { accountId, type ConversationId, directId, seq, type UserId, userId } from '@tidings/api/ids';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import type { ConversationDirectory, ConversationRecord } from '@tidings/db/directory/port';
import { beforeEach, describe, expect, test } from 'vitest';
import { someGroup } from '../testing/world.ts';
import { CachedAccess, mayRead } from './access.ts';
import type { Need } from './parts.ts';

const [anna, ben, chloe, dora] = ['user-anna', 'user-ben0', 'user-chlo', 'user-dora'].map(userId) as [
  UserId,
  UserId,
  UserId,
  UserId,
];

let clock: ManualClock;
let access: CachedAccess;
let records: Map<ConversationId, ConversationRecord>;
let asked: ConversationId[][];
let group: ConversationId;
let isDown: boolean;
/** Between what the directory has read and its answer. */
let hold: () => Promise<void>;

beforeEach(() => {
  isDown = false;
  hold = async () => {};
  clock = new ManualClock();
  records = new Map();
  asked = [];
  const conversations = {
    conversations: async (ids: readonly ConversationId[]) => {
      asked.push([...ids]);
      if (isDown) throw new TidingsError('unavailable');
      const found = ids.flatMap((id) => records.get(id) ?? []);
      await hold();
      return found;
    },
    membershipsOf: async (users: readonly UserId[]) =>
      users.map((user) =>
        [...records.values()].flatMap(({ members }) => members.filter((member) => member.userId === user)),
      ),
  } as Partial<ConversationDirectory> as ConversationDirectory;
  access = new CachedAccess({ conversations, clock }, { groupMs: 5_000, maxViews: 100 });
  group = someGroup();
  records.set(group, recordOf(group));
});

function recordOf(id: ConversationId, version = 1): ConversationRecord {
  const member = (user: UserId, role: 'owner' | 'admin' | 'member', removedSeq: number | null = null) => ({
    conversationId: id,
    userId: user,
    role,
    joinedSeq: seq(3),
    removedSeq: removedSeq === null ? null : seq(removedSeq),
    joinedAt: 0,
  });
  const members = [member(anna, 'owner'), member(ben, 'member'), member(chloe, 'member', 9)];
  return { id, name: '', description: '', iconId: null, createdAt: 0, createdBy: anna, version, members };
}

async function done<T>(work: Promise<T>): Promise<T> {
  let over = false;
  const ended = work.finally(() => {
    over = true;
  });
  ended.catch(() => {});
  while (!over) await clock.pass(0);
  return ended;
}
const outcome = async (user: UserId, need: Need, conversation = group) =>
  done(access.require(user, conversation, need)).then(
    () => 'granted',
    (error: { code: string }) => error.code,
  );

describe('ACC1 one place decides', () => {
  test.each([
    [anna, { read: 'granted', write: 'granted', admin: 'granted' }],
    [ben, { read: 'granted', write: 'granted', admin: 'not-an-admin' }],
    [chloe, { read: 'granted', write: 'not-a-member', admin: 'not-a-member' }],
    [dora, { read: 'not-found', write: 'not-found', admin: 'not-found' }],
  ])('ACC1 %s', async (user, outcomes) => {
    for (const [need, expected] of Object.entries(outcomes))
      expect(await outcome(user, need as Need)).toBe(expected);
  });

  test('ACC3 what isn’t there is answered as to a stranger', async () => {
    expect(await outcome(anna, 'read', someGroup())).toBe('not-found');
  });

  test('ACC4 an account log is read by its user and written by nobody', async () => {
    expect(await outcome(anna, 'read', accountId(anna))).toBe('granted');
    expect(await outcome(anna, 'write', accountId(anna))).toBe('not-allowed');
    expect(await outcome(anna, 'read', accountId(ben))).toBe('not-found');
  });

  test('ACC2 a span has two ends', () => {
    const [member, , past] = recordOf(group).members;
    expect([2, 3, 99].map((at) => mayRead(member!, at))).toEqual([false, true, true]);
    expect([2, 3, 9, 10].map((at) => mayRead(past!, at))).toEqual([false, true, true, false]);
  });
});

describe('the cache', () => {
  test('asks once for those who ask at once, and not again for a while', async () => {
    await done(Promise.all([outcome(anna, 'read'), outcome(ben, 'write'), outcome(dora, 'read')]));
    await outcome(anna, 'read');
    expect(asked).toEqual([[group]]);
    await clock.pass(5_001);
    await outcome(anna, 'read');
    expect(asked).toHaveLength(2);
  });

  test('keeps direct conversations, and never what isn’t there', async () => {
    const direct = directId(anna, ben);
    expect(await outcome(anna, 'read', direct)).toBe('not-found');
    records.set(direct, recordOf(direct));
    expect(await outcome(anna, 'read', direct)).toBe('granted');
    await clock.pass(86_400_000);
    await outcome(anna, 'read', direct);
    expect(asked).toHaveLength(2);
  });

  test('is never behind what this process changed, whatever was on its way', async () => {
    const older = recordOf(group);
    const reading = access.find([group]);
    const newer = { ...recordOf(group, 2), name: 'renamed' };
    access.learn(newer);
    records.set(group, older);
    await done(reading);
    const [view] = await done(access.find([group]));
    expect(view?.record.name).toBe('renamed');
  });

  test('is asked past when somebody else changed it', async () => {
    await outcome(anna, 'read');
    records.set(group, { ...recordOf(group, 2), name: 'renamed' });
    access.forget(group);
    const [view] = await done(access.find([group]));
    expect(view?.record.name).toBe('renamed');
  });

  test('what was being read while somebody else changed it is asked again', async () => {
    const { promise, resolve: answer } = Promise.withResolvers<void>();
    hold = () => promise;
    const reading = access.find([group]);
    await clock.pass(0);
    hold = async () => {};
    access.forget(group);
    records.set(group, { ...recordOf(group, 2), name: 'renamed' });
    answer();
    await done(reading);
    const [view] = await done(access.find([group]));
    expect(view?.record.name).toBe('renamed');
  });

  test('somebody who was added again is in by their newest span', async () => {
    const [owner] = recordOf(group).members;
    const spans = [
      { ...owner!, removedSeq: seq(5) },
      { ...owner!, joinedSeq: seq(8) },
    ];
    records.set(group, { ...recordOf(group), members: spans });
    const [view] = await done(access.find([group]));
    expect(view?.memberships.get(anna)).toMatchObject({ joinedSeq: 8, removedSeq: null });
    expect(view?.current).toEqual([anna]);
  });
});

describe('a change', () => {
  test('is waited for by whoever asks meanwhile', async () => {
    await outcome(ben, 'write');
    const { promise, resolve } = Promise.withResolvers<void>();
    const changing = access.change(group, async () => {
      await promise;
      const record = recordOf(group, 2);
      access.learn({
        ...record,
        members: record.members.map((member) => ({ ...member, removedSeq: seq(9) })),
      });
    });
    let asking: string | null = null;
    const later = outcome(ben, 'write').then((code) => {
      asking = code;
    });
    await clock.pass(0);
    expect(asking).toBeNull();
    resolve();
    await Promise.all([changing, later]);
    expect(asking).toBe('not-a-member');
  });

  test('comes after another of the same conversation, also one that failed', async () => {
    const order: string[] = [];
    const failing = access.change(group, async () => {
      order.push('first begins');
      await Promise.resolve();
      order.push('first fails');
      throw new Error('broken');
    });
    const second = access.change(group, async () => {
      order.push('second');
      return 5;
    });
    await expect(failing).rejects.toThrow('broken');
    expect(await second).toBe(5);
    expect(order).toEqual(['first begins', 'first fails', 'second']);
  });
});

test('contacts are who shares a conversation now', async () => {
  records.set(directId(anna, dora), {
    ...recordOf(directId(anna, dora)),
    members: recordOf(directId(anna, dora)).members.slice(0, 1),
  });
  expect([...(await done(access.contactsOf(anna)))].sort()).toEqual([ben, dora].sort());
  expect([...(await done(access.contactsOf(chloe)))]).toEqual([]);
});

describe('while the directory is down', () => {
  test('people go on chatting where it is known who is in', async () => {
    expect(await outcome(ben, 'write')).toBe('granted');
    isDown = true;
    await clock.pass(60_000);
    expect(await outcome(ben, 'write')).toBe('granted');
    expect(await outcome(chloe, 'write')).toBe('not-a-member');
  });

  test('what isn’t known is unavailable, and what was known long ago too', async () => {
    expect(await outcome(ben, 'write')).toBe('granted');
    isDown = true;
    const other = someGroup();
    records.set(other, recordOf(other));
    expect(await outcome(ben, 'write', other)).toBe('unavailable');
    await clock.pass(5_000 + 300_000);
    expect(await outcome(ben, 'write')).toBe('unavailable');
  });

  test('it is asked once a second, and believed when it is back', async () => {
    expect(await outcome(ben, 'write')).toBe('granted');
    isDown = true;
    await clock.pass(60_000);
    const before = asked.length;
    for (const passMs of [0, 500, 499, 1]) {
      await clock.pass(passMs);
      expect(await outcome(ben, 'write')).toBe('granted');
    }
    expect(asked.length - before).toBe(2);
    isDown = false;
    await clock.pass(1_000);
    records.set(group, { ...recordOf(group, 2), members: [] });
    expect(await outcome(ben, 'write')).toBe('not-found');
  });
});
