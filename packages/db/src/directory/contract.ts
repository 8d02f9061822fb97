import { TidingsError } from '@tidings/api/errors';
import {
  type ConversationId,
  deviceId,
  directId,
  groupId,
  seq,
  sessionId,
  type UserId,
  userId,
} from '@tidings/api/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ChangeIntent,
  ConversationDirectory,
  InviteDirectory,
  MembershipEffect,
  SessionDirectory,
  UserDirectory,
} from './port.ts';

/** What a directory under test gives, besides the ports: accounts come from the authentication library, so the suite makes them itself. */
export type DirectoryUnderTest = {
  readonly users: UserDirectory;
  readonly sessions: SessionDirectory;
  readonly conversations: ConversationDirectory;
  readonly invites: InviteDirectory;
  addUser(user: { id: UserId; username: string; name: string }): Promise<void>;
  addSession(session: { id: string; token: string; userId: UserId; expiresAt: Date }): Promise<void>;
  close(): Promise<void>;
};

let counter = 0;
const start = Date.now().toString(36);
/** Unique across runs: a suite may meet a store that isn't empty. */
const unique = (prefix: string): string => `${prefix}-${start}-${(counter++).toString(36).padStart(4, '0')}`;

export function describeDirectory(name: string, open: () => Promise<DirectoryUnderTest>): void {
  describe(`directory on ${name}`, () => {
    let directory: DirectoryUnderTest;
    beforeAll(async () => {
      directory = await open();
    });
    afterAll(() => directory.close());

    async function person(displayName = 'Somebody'): Promise<UserId> {
      const id = userId(unique('user'));
      await directory.addUser({ id, username: id.toLowerCase(), name: displayName });
      return id;
    }
    async function group(members: readonly UserId[]): Promise<ConversationId> {
      const id = groupId(unique('group'));
      const [owner, ...others] = members as [UserId, ...UserId[]];
      await directory.conversations.create({
        id,
        createdBy: owner,
        createdAt: 1_000,
        name: 'Team',
        members: [
          { userId: owner, role: 'owner', joinedSeq: seq(1) },
          ...others.map((one) => ({ userId: one, role: 'member' as const, joinedSeq: seq(1) })),
        ],
      });
      return id;
    }
    const intent = (
      conversationId: ConversationId,
      by: UserId,
      effects: readonly MembershipEffect[],
      createdAt = 2_000,
    ): ChangeIntent => ({
      id: unique('intent'),
      conversationId,
      by,
      createdAt,
      content: '{}',
      effects,
    });
    async function change(conversation: ConversationId, by: UserId, effect: MembershipEffect, at: number) {
      const made = intent(conversation, by, [effect]);
      await directory.conversations.intend(made);
      return directory.conversations.apply(made, seq(at), at * 1_000);
    }
    const memberOf = async (conversation: ConversationId, user: UserId) =>
      (await directory.conversations.conversations([conversation]))[0]?.members.find(
        (member) => member.userId === user,
      );

    describe('users', () => {
      test('profiles answers those that exist', async () => {
        const ann = await person('Ann');
        const found = await directory.users.profiles([ann, userId('nobody-at-all')]);
        expect(found.map((user) => [user.userId, user.displayName, user.readReceipts])).toEqual([
          [ann, 'Ann', true],
        ]);
        expect(await directory.users.profiles([])).toEqual([]);
      });
      test('an update changes what it names and nothing else', async () => {
        const ann = await person('Ann');
        await directory.users.update(ann, { about: 'here', onlineAudience: 'nobody' });
        const updated = await directory.users.update(ann, { displayName: 'Annabel' });
        expect(updated).toMatchObject({
          displayName: 'Annabel',
          about: 'here',
          onlineAudience: 'nobody',
          lastSeenAudience: 'everyone',
        });
      });
      test('an update of nobody is not-found', async () => {
        await expect(directory.users.update(userId('nobody-at-all'), { about: '' })).rejects.toMatchObject({
          code: 'not-found',
        });
      });
      test('people are found by the beginnings of words, whatever the case and accents', async () => {
        const word = unique('zoe').replaceAll('-', '');
        const zoe = await person(`Zoë ${word} Müller`);
        for (const query of [word, `zoë ${word}`, `mull ${word}`, `${word.toUpperCase()} Z`]) {
          expect((await directory.users.search(query, 20)).map((user) => user.userId)).toEqual([zoe]);
        }
        expect(await directory.users.search(`${word} nomatch`, 20)).toEqual([]);
        expect(await directory.users.search('  ', 20)).toEqual([]);
      });
      test('a renamed person is found by the new name only', async () => {
        const [old, fresh] = [unique('old'), unique('new')].map((word) => word.replaceAll('-', '')) as [
          string,
          string,
        ];
        const ann = await person(old);
        await directory.users.update(ann, { displayName: fresh });
        expect(await directory.users.search(old, 20)).toEqual([]);
        expect((await directory.users.search(fresh, 20)).map((user) => user.userId)).toEqual([ann]);
      });
      test('a username is found whole, with its dots', async () => {
        const ann = await person();
        expect((await directory.users.byUsername(ann.toLowerCase()))?.userId).toBe(ann);
        expect(await directory.users.byUsername(unique('free'))).toBeNull();
      });
    });

    describe('sessions', () => {
      const later = () => new Date(Date.now() + 60_000);
      async function session(user: UserId, expiresAt = later()) {
        const made = { id: unique('session'), token: unique('token'), userId: user, expiresAt };
        await directory.addSession(made);
        return { id: sessionId(made.id), token: made.token };
      }
      test('many tokens are answered at once, expired and unknown ones left out', async () => {
        const ann = await person();
        const [good, old] = [await session(ann), await session(ann, new Date(Date.now() - 1_000))];
        const found = await directory.sessions.byTokens([good.token, old.token, 'unknown']);
        expect(found.map((one) => [one.sessionId, one.userId, one.role])).toEqual([[good.id, ann, 'user']]);
        expect(await directory.sessions.stillValid([good.id, old.id])).toEqual([good.id]);
      });
      test('a session takes a device, a name and a time', async () => {
        const ann = await person();
        const made = await session(ann);
        await directory.sessions.bind(made.id, {
          deviceId: deviceId('device-0123456789'),
          name: 'Phone',
          lastUsedAt: 5_000,
        });
        await directory.sessions.bind(made.id, { lastUsedAt: 6_000 });
        expect((await directory.sessions.ofUser(ann))[0]).toMatchObject({
          deviceId: 'device-0123456789',
          name: 'Phone',
          lastUsedAt: 6_000,
        });
      });
      test('SESS1 only its user removes a session', async () => {
        const [ann, bob] = [await person(), await person()];
        const made = await session(ann);
        expect(await directory.sessions.remove(bob, made.id)).toBe(false);
        expect(await directory.sessions.remove(ann, made.id)).toBe(true);
        expect(await directory.sessions.byTokens([made.token])).toEqual([]);
      });
      test('SESS1 all others go, and are named', async () => {
        const [ann, bob] = [await person(), await person()];
        const [keep, other, bobs] = [await session(ann), await session(ann), await session(bob)];
        expect(await directory.sessions.removeOthers(ann, keep.id)).toEqual([other.id]);
        expect(await directory.sessions.stillValid([keep.id, other.id, bobs.id])).toEqual(
          expect.arrayContaining([keep.id, bobs.id]),
        );
        expect(await directory.sessions.ofUser(ann)).toHaveLength(1);
      });
    });

    describe('conversations', () => {
      test('a conversation is made once, also by many at once', async () => {
        const [ann, bob] = [await person(), await person()];
        const id = directId(ann, bob);
        const members = [ann, bob].map((user) => ({
          userId: user,
          role: 'member' as const,
          joinedSeq: seq(1),
        }));
        const made = await Promise.all(
          [1, 2, 3].map((at) =>
            directory.conversations.create({ id, createdBy: ann, createdAt: at, members }),
          ),
        );
        expect(made.filter(Boolean)).toHaveLength(1);
        const [record] = await directory.conversations.conversations([id]);
        expect(record?.members.map((member) => member.userId).sort()).toEqual([ann, bob].sort());
      });
      test('memberships of many users are answered in the order asked', async () => {
        const [ann, bob, eve] = [await person(), await person(), await person()];
        const id = await group([ann, bob]);
        const [eves, bobs, anns] = await directory.conversations.membershipsOf([eve, bob, ann]);
        expect(eves).toEqual([]);
        expect(bobs).toMatchObject([{ conversationId: id, role: 'member', joinedSeq: 1, removedSeq: null }]);
        expect(anns).toMatchObject([{ conversationId: id, role: 'owner' }]);
      });
      test('GRP1 a change takes effect at its position', async () => {
        const [ann, bob] = [await person(), await person()];
        const id = await group([ann]);
        const before = (await directory.conversations.conversations([id]))[0]?.version as number;
        const record = await change(id, ann, { type: 'join', userId: bob, role: 'admin' }, 7);
        expect(record.version).toBeGreaterThan(before);
        expect(await memberOf(id, bob)).toMatchObject({
          role: 'admin',
          joinedSeq: 7,
          removedSeq: null,
          joinedAt: 7_000,
        });
        await change(id, ann, { type: 'role', userId: bob, role: 'member' }, 8);
        await change(id, ann, { type: 'leave', userId: bob }, 9);
        expect(await memberOf(id, bob)).toMatchObject({ role: 'member', joinedSeq: 7, removedSeq: 9 });
        await change(id, ann, { type: 'join', userId: bob, role: 'member' }, 12);
        expect(await memberOf(id, bob)).toMatchObject({ joinedSeq: 12, removedSeq: null });
      });
      test('GRP4 who is a member already keeps their span', async () => {
        const [ann, bob] = [await person(), await person()];
        const id = await group([ann, bob]);
        await change(id, ann, { type: 'join', userId: bob, role: 'admin' }, 7);
        expect(await memberOf(id, bob)).toMatchObject({ role: 'member', joinedSeq: 1 });
      });
      test('GRP2 an intent is pending until it is applied, and applied once', async () => {
        const [ann, bob] = [await person(), await person()];
        const id = await group([ann, bob]);
        const leave = intent(id, ann, [{ type: 'leave', userId: bob }], 3_000);
        await directory.conversations.intend(leave);
        await directory.conversations.intend(leave);
        expect(await directory.conversations.pending(3_000, id)).toEqual([]);
        expect(await directory.conversations.pending(3_001, id)).toEqual([leave]);
        await Promise.all([
          directory.conversations.apply(leave, seq(5), 1),
          directory.conversations.apply(leave, seq(5), 1),
        ]);
        expect(await directory.conversations.pending(9_000, id)).toEqual([]);
        await change(id, ann, { type: 'join', userId: bob, role: 'member' }, 6);
        await directory.conversations.apply(leave, seq(5), 1);
        expect(await memberOf(id, bob)).toMatchObject({ joinedSeq: 6, removedSeq: null });
      });
      test('names, descriptions and icons change together with nothing else', async () => {
        const ann = await person();
        const id = await group([ann]);
        await change(id, ann, { type: 'set', name: 'Crew', description: 'We row.' }, 2);
        expect(await change(id, ann, { type: 'set', iconId: null }, 3)).toMatchObject({
          name: 'Crew',
          description: 'We row.',
          iconId: null,
        });
      });
      test('a sweep lists every conversation once', async () => {
        const ann = await person();
        const made = [await group([ann]), await group([ann])];
        const seen: ConversationId[] = [];
        for (let after: ConversationId | null = null; ; ) {
          const page: readonly ConversationId[] = await directory.conversations.list(after, 1);
          if (page.length === 0) break;
          seen.push(...page);
          after = page.at(-1) as ConversationId;
        }
        expect(seen).toEqual(expect.arrayContaining(made));
        expect(seen).toEqual([...new Set(seen)]);
      });
    });

    describe('invites', () => {
      test('SESS4 of many at once no more than the uses succeed', async () => {
        const ann = await person();
        const code = unique('code');
        await directory.invites.create({
          code,
          createdBy: ann,
          createdAt: 1,
          expiresAt: 10_000,
          maxUses: 2,
          uses: 0,
        });
        const used = await Promise.all(Array.from({ length: 5 }, () => directory.invites.use(code, 5_000)));
        expect(used.filter(Boolean)).toHaveLength(2);
        expect(await directory.invites.ofUser(ann, 5_000)).toEqual([]);
      });
      test('SESS4 an expired, unknown or revoked invite is of no use', async () => {
        const [ann, bob] = [await person(), await person()];
        const code = unique('code');
        await directory.invites.create({
          code,
          createdBy: ann,
          createdAt: 1,
          expiresAt: 10_000,
          maxUses: 9,
          uses: 0,
        });
        expect(await directory.invites.use(code, 10_000)).toBe(false);
        expect(await directory.invites.use(unique('none'), 1)).toBe(false);
        expect(await directory.invites.revoke(bob, code)).toBe(false);
        expect((await directory.invites.ofUser(ann, 5_000)).map((invite) => invite.code)).toEqual([code]);
        expect(await directory.invites.revoke(ann, code)).toBe(true);
        expect(await directory.invites.use(code, 5_000)).toBe(false);
      });
    });

    test('failures are the domain’s', async () => {
      const ann = await person();
      const invite = {
        code: unique('code'),
        createdBy: ann,
        createdAt: 1,
        expiresAt: 2,
        maxUses: 1,
        uses: 0,
      };
      await directory.invites.create(invite);
      await expect(directory.invites.create(invite)).rejects.toBeInstanceOf(TidingsError);
    });
  });
}
