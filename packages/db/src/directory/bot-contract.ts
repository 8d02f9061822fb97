import { secureId } from '@tidings/api/clock';
import { type UserId, userId } from '@tidings/api/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiKeyRecord, BotDirectory, NewBot } from './bot-port.ts';
import type { UserDirectory } from './port.ts';

export type BotsUnderTest = {
  readonly bots: BotDirectory;
  readonly users: UserDirectory;
  addUser(user: { id: UserId; username: string; name: string }): Promise<void>;
  close(): Promise<void>;
};

export function describeBotDirectory(name: string, open: () => Promise<BotsUnderTest>): void {
  describe(`bots in the directory on ${name}`, () => {
    let directory: BotsUnderTest;
    let owner: UserId;
    beforeAll(async () => {
      directory = await open();
      owner = await person();
    });
    afterAll(() => directory.close());

    async function person(): Promise<UserId> {
      const id = userId(secureId());
      await directory.addUser({ id, username: id.toLowerCase(), name: 'An Owner' });
      return id;
    }
    const bot = async (about: Partial<NewBot> = {}) => {
      const id = userId(secureId());
      const made = { userId: id, owner, username: `bot-${id}`.toLowerCase(), displayName: 'Weather' };
      return directory.bots.createBot({ ...made, about: 'rain or shine', createdAt: 1_000, ...about });
    };
    async function key(of: UserId, about: Partial<ApiKeyRecord> = {}): Promise<ApiKeyRecord> {
      const [id, hash] = [secureId(), secureId()];
      const record = {
        id,
        hash,
        hint: 'tid_1234',
        name: 'at home',
        owner,
        bot: of,
        scopes: ['send', 'read'],
      };
      const times = { createdAt: 2_000, lastUsedAt: null, revokedAt: null };
      const made = { ...record, ...times, ...about };
      await directory.bots.createKey(made);
      return made;
    }

    test('a bot is a user, marked as what it is, and found by its words', async () => {
      const made = await bot({ displayName: 'Zeppelin Timetable' });
      expect(made).toMatchObject({ bot: true, role: 'bot', owner, createdAt: 1_000, about: 'rain or shine' });
      expect(await directory.users.profiles([made.userId])).toMatchObject([{ bot: true }]);
      const found = await directory.users.search('zeppelin', 10);
      expect(found.map((user) => user.userId)).toContain(made.userId);
    });

    test('a username is nobody else’s', async () => {
      const { username } = await bot();
      await expect(bot({ username })).rejects.toMatchObject({ code: 'username-taken' });
    });

    test('bots of an owner, oldest first, no more than asked', async () => {
      const somebody = await person();
      const [second, first] = [
        await bot({ owner: somebody, createdAt: 20_000 }),
        await bot({ owner: somebody, createdAt: 10_000 }),
      ];
      expect((await directory.bots.botsOf(somebody, 10)).map((each) => each.userId)).toEqual([
        first.userId,
        second.userId,
      ]);
      expect(await directory.bots.botsOf(somebody, 1)).toHaveLength(1);
      expect(await directory.bots.botsOf(await person(), 10)).toEqual([]);
    });

    test('a key is found by its hash until it is revoked by its owner', async () => {
      const made = await key((await bot()).userId);
      expect(await directory.bots.keyByHash(made.hash)).toEqual(made);
      expect(await directory.bots.keyByHash('another')).toBeNull();
      expect(await directory.bots.revokeKey(await person(), made.id, 5_000)).toBe(false);
      expect(await directory.bots.keyByHash(made.hash)).toEqual(made);
      expect(await directory.bots.revokeKey(owner, made.id, 5_000)).toBe(true);
      expect(await directory.bots.revokeKey(owner, made.id, 6_000)).toBe(false);
      expect(await directory.bots.keyByHash(made.hash)).toBeNull();
      expect(await directory.bots.keysOf(owner, 100)).not.toContainEqual(
        expect.objectContaining({ id: made.id }),
      );
    });

    test('a key whose bot or owner is not there works no more', async () => {
      const gone = userId(secureId());
      expect(await directory.bots.keyByHash((await key(gone)).hash)).toBeNull();
      const { userId: acts } = await bot();
      expect(await directory.bots.keyByHash((await key(acts, { owner: gone })).hash)).toBeNull();
    });

    test('keys, newest first, with their last use', async () => {
      const somebody = await person();
      const { userId: acts } = await bot({ owner: somebody });
      const old = await key(acts, { owner: somebody, createdAt: 1_000 });
      const young = await key(acts, { owner: somebody, createdAt: 2_000 });
      await directory.bots.usedKey(old.id, 9_000);
      expect(await directory.bots.keysOf(somebody, 10)).toEqual([young, { ...old, lastUsedAt: 9_000 }]);
      expect(await directory.bots.keysOf(somebody, 1)).toEqual([young]);
    });

    test('of requests with one key at once the first stays', async () => {
      const user = await person();
      const requests = Array.from({ length: 8 }, (_, at) => ({
        ...{ user, key: 'one', since: at, createdAt: 1_000 },
        request: `request ${at}`,
      }));
      const noted = await Promise.all(requests.map((request) => directory.bots.noteRequest(request)));
      expect(new Set(noted.map(({ request }) => request)).size).toBe(1);
      const again = { user, key: 'one', request: 'another', since: 99, createdAt: 2_000 };
      expect(await directory.bots.noteRequest(again)).toEqual(noted[0]);
      const elsewhere = { ...again, user: await person() };
      expect(await directory.bots.noteRequest(elsewhere)).toEqual(elsewhere);
    });

    test('old requests are forgotten, some at a time', async () => {
      const user = await person();
      const note = (key: string, createdAt: number) =>
        directory.bots.noteRequest({ user, key, request: key, since: 1, createdAt });
      for (const at of [1, 2, 3]) await note(`old ${at}`, at);
      const young = await note('young', 100);
      expect(await directory.bots.forgetRequests(50, 2)).toBe(2);
      expect(await directory.bots.forgetRequests(50, 2)).toBe(1);
      expect(await directory.bots.forgetRequests(50, 2)).toBe(0);
      expect(await note('young', 200)).toEqual(young);
      expect(await note('old 1', 200)).toMatchObject({ createdAt: 200 });
    });
  });
}
