import { type DeviceId, deviceId, type UserId, userId } from '@tidings/api/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  Act,
  AdministrationDirectory,
  ReportDirectory,
  ReportRecord,
  ResetDirectory,
} from './administration-port.ts';
import type { DirectoryUnderTest } from './contract.ts';

export type AdministrationUnderTest = DirectoryUnderTest & {
  readonly administration: AdministrationDirectory;
  readonly reports: ReportDirectory;
  readonly resets: ResetDirectory;
};

let counter = 0;
const start = Date.now().toString(36);
/** Unique across runs: a suite may meet a store that isn't empty. */
const unique = (prefix: string): string => `${prefix}-${start}-${(counter++).toString(36).padStart(4, '0')}`;
const device: DeviceId = deviceId('device-of-the-tests-0');
const whole = 2_000_000_000_000;

export function describeAdministration(name: string, open: () => Promise<AdministrationUnderTest>): void {
  describe(`administration on ${name}`, () => {
    let directory: AdministrationUnderTest;
    let boss: UserId;
    beforeAll(async () => {
      directory = await open();
      boss = await person('Boss');
    });
    afterAll(() => directory.close());

    async function person(name = 'Somebody'): Promise<UserId> {
      const id = userId(unique('admin-user'));
      await directory.addUser({ id, username: id.toLowerCase(), name });
      return id;
    }
    async function session(user: UserId): Promise<{ id: string; token: string }> {
      const made = { id: unique('session'), token: unique('token') };
      await directory.addSession({ ...made, userId: user, expiresAt: new Date(Date.now() + 60_000) });
      return made;
    }
    const act = (what: Act, at = whole) =>
      directory.administration.act({ userId: boss, deviceId: device, at }, what);
    const account = async (user: UserId) => (await directory.administration.accounts([user]))[0];
    const audit = (limit = 1) => directory.administration.audit(null, limit);

    test('ADM4 a suspension ends all sessions, and one that slips in is none', async () => {
      const ann = await person();
      const made = [await session(ann), await session(ann)];
      expect([...(await act({ type: 'suspend', user: ann }))].sort()).toEqual(
        made.map(({ id }) => id).sort(),
      );
      const late = await session(ann);
      expect(await directory.sessions.byTokens([late.token])).toEqual([]);
      expect(await directory.sessions.ofUser(ann)).toEqual([]);
      expect((await account(ann))?.suspendedAt).toBe(whole);
      await act({ type: 'unsuspend', user: ann });
      expect(await directory.sessions.byTokens([late.token])).toEqual([]);
      const good = await session(ann);
      expect(await directory.sessions.byTokens([good.token])).toHaveLength(1);
    });

    test('ADM5 an act and its entry in the audit log are both there, or neither', async () => {
      const ann = await person();
      await act({ type: 'suspend', user: ann });
      const [newest] = await audit();
      expect(newest).toMatchObject({
        by: { userId: boss, deviceId: device, at: whole },
        ...{ act: 'suspend', subject: ann, detail: '' },
      });
      await expect(act({ type: 'suspend', user: ann })).rejects.toMatchObject({ code: 'not-found' });
      await expect(act({ type: 'sign-out', user: userId('nobody-at-all') })).rejects.toMatchObject({
        code: 'not-found',
      });
      expect(await audit()).toEqual([newest]);
      expect((await directory.administration.audit(newest!.position, 1))[0]?.position).not.toBe(
        newest!.position,
      );
    });

    test('ADM5 what can not be written down is not done', async () => {
      const ann = await person();
      const by = { userId: boss, deviceId: null as unknown as DeviceId, at: whole };
      await expect(directory.administration.act(by, { type: 'suspend', user: ann })).rejects.toThrow();
      expect((await account(ann))?.suspendedAt).toBeNull();
    });

    test('ADM3 the last operator keeps the role, also when two take it from each other at once', async () => {
      const [ann, bob] = [await person(), await person()];
      await act({ type: 'make-operator', user: ann });
      const take = (user: UserId, last = false) => act({ type: 'take-operator', user, last });
      await expect(take(ann)).rejects.toMatchObject({ code: 'not-allowed' });
      await act({ type: 'make-operator', user: bob });
      const results = await Promise.allSettled([take(ann), take(bob)]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const roles = await Promise.all(
        [ann, bob].map(async (user) => (await account(user))?.role),
      );
      expect(roles.sort()).toEqual(['operator', 'user']);
      for (const user of [ann, bob]) await take(user, true).catch(() => {});
    });

    test('ADM3 an operator is not kept out', async () => {
      const ann = await person();
      await act({ type: 'make-operator', user: ann });
      await expect(act({ type: 'suspend', user: ann })).rejects.toMatchObject({ code: 'not-allowed' });
      await act({ type: 'take-operator', user: ann, last: true });
    });

    test('ADM2 one is made the first operator, of many who ask at once', async () => {
      const many = await Promise.all([person(), person(), person()]);
      const claims = await Promise.all(
        many.map((user) =>
          directory.administration.claimFirst({ userId: user, deviceId: device, at: whole }),
        ),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      const roles = await Promise.all(
        many.map(async (user) => (await account(user))?.role),
      );
      expect(roles.filter((role) => role === 'operator')).toHaveLength(1);
      for (const user of many) await act({ type: 'take-operator', user, last: true }).catch(() => {});
    });

    test('people are found by words and paged by name, with their devices', async () => {
      const word = unique('word').replaceAll('-', '');
      const people = [await person(`A ${word}`), await person(`B ${word}`), await person(`B ${word}`)];
      await session(people[0]!);
      const page = (after: { name: string; userId: string } | null) =>
        directory.administration.people({ query: word, after, limit: 2 });
      const first = await page(null);
      expect(first.map(({ userId, devices }) => [userId, devices])).toEqual([
        [people[0], 1],
        [people[1], 0],
      ]);
      const { displayName, userId: last } = first[1]!;
      expect((await page({ name: displayName, userId: last })).map(({ userId }) => userId)).toEqual([
        people[2],
      ]);
      expect(await directory.administration.people({ query: '!', after: null, limit: 2 })).toEqual([]);
    });

    test('a report is filed once, and closed once', async () => {
      const [ann, bob] = [await person(), await person()];
      const report = (): ReportRecord => ({
        id: unique('report'),
        ...{ conversationId: `direct:${ann}:${bob}`, seq: 1, author: ann, reporter: bob },
        ...{ reason: 'spam', note: '', excerpt: 'Buy!', at: whole, state: 'open' },
      });
      const first = report();
      await directory.reports.file(first);
      await directory.reports.file(report());
      const open = await directory.reports.list('open', null, 100);
      expect(open.filter(({ author }) => author === ann)).toEqual([first]);
      expect(
        (await directory.reports.list('open', whole, 100)).filter(({ author }) => author === ann),
      ).toEqual([]);
      await act({ type: 'resolve', report: first.id });
      await expect(act({ type: 'dismiss', report: first.id })).rejects.toMatchObject({ code: 'not-found' });
      expect(await directory.reports.list('resolved', null, 100)).toContainEqual({
        ...first,
        state: 'resolved',
      });
    });

    test('settings are kept; invitations are listed, and their codes not written down', async () => {
      await act({ type: 'set', name: 'sign-up', value: 'open' });
      await act({ type: 'set', name: 'sign-up', value: 'invite' });
      expect((await directory.administration.settings()).get('sign-up')).toBe('invite');
      const code = unique('code-for-an-invitation');
      const invite = { code, createdBy: boss, createdAt: 1, expiresAt: whole + 1, maxUses: 2, uses: 0 };
      await act({ type: 'invite', invite });
      expect(await directory.administration.openInvites(whole, 100)).toContainEqual(invite);
      expect((await audit())[0]?.subject).not.toContain(code);
      await act({ type: 'revoke-invite', code });
      expect(await directory.administration.openInvites(whole, 100)).not.toContainEqual(invite);
    });

    test('ADM6 a reset ends all sessions; its code is good once, and only the newest', async () => {
      const ann = await person();
      const made = await session(ann);
      const reset = (codeHash: string) => act({ type: 'reset', user: ann, codeHash, until: whole });
      const [old, good] = [unique('hash'), unique('hash')];
      expect(await reset(old)).toEqual([made.id]);
      expect(await reset(good)).toEqual([]);
      const take = (code: string, now = whole - 1) => directory.resets.take(code, now);
      expect(await take(old)).toBeNull();
      expect(await take(good, whole)).toBeNull();
      const answers = await Promise.all([take(good), take(good)]);
      expect(answers.filter((user) => user !== null)).toEqual([ann]);
    });
  });
}
