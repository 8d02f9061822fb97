import { directId, groupId, seq, sessionId, type UserId } from '@tidings/api/ids';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import type { Directory } from './directory.ts';
import { TwoProcesses } from './testing/two-processes.ts';
import { underTest } from './testing/under-test.ts';

let both: TwoProcesses;
beforeEach(async () => {
  both = await TwoProcesses.open(inject('engines').mysql);
});
afterEach(() => both[Symbol.asyncDispose]());

const profileOf = async (directory: Directory, user: UserId) => (await directory.users.profiles([user]))[0];
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 10 });

/** Until the replica answers both: then what follows finds it trusted. */
const replicaIsUsed = (user: UserId) =>
  eventually(async () => {
    await both.markReplica(user);
    for (const directory of [both.here, both.there])
      expect(await profileOf(directory, user)).toMatchObject({ about: 'replica' });
  });

/** Until a read meets the primary. */
const primaryIsUsed = (user: UserId) =>
  eventually(async () => expect(await profileOf(both.there, user)).toMatchObject({ about: '' }));

const unavailable = { code: 'unavailable' };

describe('with a replica that stands still', () => {
  let ann: UserId;
  beforeEach(async () => {
    ann = await both.person('Ann');
    await replicaIsUsed(ann);
  });

  test('one’s own writes are read at once, others’ within the bound', async () => {
    await both.whileReplicaStands(async () => {
      await both.here.users.update(ann, { displayName: 'Annabel' });
      expect(await profileOf(both.here, ann)).toMatchObject({ displayName: 'Annabel' });
      expect((await both.here.users.search('annabel', 5)).map(({ userId }) => userId)).toEqual([ann]);
      await eventually(async () =>
        expect(await profileOf(both.there, ann)).toMatchObject({ displayName: 'Annabel' }),
      );
    });
    await replicaIsUsed(ann);
    expect(await profileOf(both.there, ann)).toMatchObject({ displayName: 'Annabel' });
  });

  test('SESS1 a session that was ended elsewhere is refused at once, and a new one let in', async () => {
    const session = (id: string) => ({
      id,
      token: id,
      userId: ann,
      expiresAt: new Date(Date.now() + 60_000),
    });
    await underTest(both.here).addSession(session('session-old'));
    await replicaIsUsed(ann);
    await both.whileReplicaStands(async () => {
      await both.here.sessions.remove(ann, sessionId('session-old'));
      await underTest(both.here).addSession(session('session-new'));
      const found = await both.there.sessions.byTokens(['session-old', 'session-new']);
      expect(found.map(({ token }) => token)).toEqual(['session-new']);
      expect(await both.there.sessions.stillValid([sessionId('session-old')])).toEqual([]);
    });
  });

  test('INV8 a member who was removed elsewhere is removed at once', async () => {
    const bob = await both.person('Bob');
    const id = groupId('group-1234');
    const members = [ann, bob].map((user) => ({ userId: user, role: 'member' as const, joinedSeq: seq(1) }));
    await both.here.conversations.create({ id, createdBy: ann, createdAt: 1, members });
    await replicaIsUsed(ann);
    await both.whileReplicaStands(async () => {
      const effects = [{ type: 'leave' as const, userId: bob }];
      const intent = { id: 'intent-1', conversationId: id, by: ann, createdAt: 2, content: '{}', effects };
      await both.here.conversations.intend(intent);
      await both.here.conversations.apply(intent, seq(7), 3);
      const [record] = await both.there.conversations.conversations([id]);
      expect(record?.members.find(({ userId }) => userId === bob)).toMatchObject({ removedSeq: 7 });
      expect(await both.there.conversations.membershipsOf([bob])).toMatchObject([[{ removedSeq: 7 }]]);
    });
  });

  test('a direct conversation that was made elsewhere is found at once', async () => {
    const bob = await both.person('Bob');
    await replicaIsUsed(ann);
    const id = directId(ann, bob);
    const members = [ann, bob].map((user) => ({ userId: user, role: 'member' as const, joinedSeq: seq(1) }));
    await both.whileReplicaStands(async () => {
      await both.here.conversations.create({ id, createdBy: ann, createdAt: 1, members });
      const [record] = await both.there.conversations.conversations([id]);
      expect(record?.members).toHaveLength(2);
    });
  });
});

describe.each(['cut', 'silence'] as const)('when a server is lost (%s)', (how) => {
  test('the replica: reads go to the primary, and back when it is there again', async () => {
    const ann = await both.person('Ann');
    await replicaIsUsed(ann);
    both.replica[how]();
    expect(await profileOf(both.there, ann)).toMatchObject({ displayName: 'Ann' });
    await primaryIsUsed(ann);
    both.replica.mend();
    await replicaIsUsed(ann);
  });

  test('the primary: what a replica may answer is answered, the rest is unavailable until it is back', async () => {
    const ann = await both.person('Ann');
    await replicaIsUsed(ann);
    both.primary[how]();
    await expect(both.there.users.update(ann, { displayName: 'Annabel' })).rejects.toMatchObject(unavailable);
    await expect(both.there.sessions.byTokens(['a-token'])).rejects.toMatchObject(unavailable);
    await expect(both.there.conversations.membershipsOf([ann])).rejects.toMatchObject(unavailable);
    for (let read = 0; read < 20; read += 1)
      expect(await profileOf(both.here, ann)).toMatchObject({ about: 'replica' });
    both.primary.mend();
    await eventually(async () => {
      expect(await both.there.users.update(ann, { displayName: 'Annabel' })).toMatchObject({
        displayName: 'Annabel',
      });
    });
    expect(await both.there.conversations.membershipsOf([ann])).toEqual([[]]);
  });
});

test('without the primary nothing older than one’s own last write is read', async () => {
  const ann = await both.person('Ann');
  await replicaIsUsed(ann);
  await both.whileReplicaStands(async () => {
    await both.here.users.update(ann, { displayName: 'Annabel' });
    both.primary.cut();
    await expect(profileOf(both.here, ann)).rejects.toMatchObject(unavailable);
  });
});
