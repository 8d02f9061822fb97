import { systemClock } from '@tidings/api/clock';
import { conversationId, directId, seq, sessionId, type UserId, userId } from '@tidings/api/ids';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openClusterDirectory } from './cluster.ts';
import type { Directory } from './directory.ts';
import { openEmbeddedDirectory } from './embedded.ts';
import { migrateMysql } from './mysql-migrate.ts';
import { MysqlDatabase } from './testing/mysql-database.ts';
import { underTest } from './testing/under-test.ts';

let database: MysqlDatabase;
let mysql: Directory;
let sqlite: Directory;

const [lower, upper] = [userId('abcdefgh'), userId('ABCDEFGH')];
const names = ['Zoe b', 'zoe a', 'Zoë Ä', 'Zöe', 'zoe Z', 'ZOE 9', 'zoe 😀', 'Zoe', 'Zoe\u{1d49c}'];

beforeAll(async () => {
  database = await MysqlDatabase.make(inject('engines').mysql);
  await migrateMysql(database.primary);
  mysql = await openClusterDirectory({ ...database, replicas: [], clock: systemClock });
  sqlite = await openEmbeddedDirectory(':memory:');
  for (const directory of [mysql, sqlite]) await fill(directory);
});
afterAll(async () => {
  await Promise.all([mysql.close(), sqlite.close()]);
  await database[Symbol.asyncDispose]();
});

async function fill(directory: Directory): Promise<void> {
  const { addUser, addSession } = underTest(directory);
  await addUser({ id: lower, username: 'ann.lee', name: 'Ann Lee' });
  await addUser({ id: upper, username: 'änn.lee', name: 'Änn Lee' });
  for (const [at, name] of names.entries())
    await addUser({ id: userId(`sorted-${at}`), username: `sorted${at}`, name });
  const expiresAt = new Date(Date.now() + 600_000);
  await addSession({ id: 'session-a', token: 'token', userId: lower, expiresAt });
  await addSession({ id: 'SESSION-A', token: 'TOKEN', userId: upper, expiresAt });
  const members = (user: UserId) => [{ userId: user, role: 'member' as const, joinedSeq: seq(1) }];
  const create = (id: string, user: UserId) =>
    directory.conversations.create({
      id: conversationId(id),
      createdBy: user,
      createdAt: 1,
      members: members(user),
    });
  expect(await create('group:abcdefgh', lower)).toBe(true);
  expect(await create('group:ABCDEFGH', upper)).toBe(true);
  expect(await create(directId(lower, upper), lower)).toBe(true);
}

/** The same question to both, with one answer. */
async function bothAnswer<T>(question: (directory: Directory) => Promise<T>): Promise<T> {
  const [fromMysql, fromSqlite] = [await question(mysql), await question(sqlite)];
  expect(fromMysql).toEqual(fromSqlite);
  return fromMysql;
}

const idsOf = (users: readonly { readonly userId: UserId }[]) => users.map(({ userId: id }) => id);

test('ids and tokens that differ in case differ', async () => {
  expect(await bothAnswer(async ({ users }) => idsOf(await users.profiles([upper])))).toEqual([upper]);
  const owners = await bothAnswer(async ({ sessions }) => idsOf(await sessions.byTokens(['TOKEN'])));
  expect(owners).toEqual([upper]);
  expect(await bothAnswer(({ sessions }) => sessions.stillValid([sessionId('SESSION-a')]))).toEqual([]);
  const memberOf = await bothAnswer(async ({ conversations }) =>
    (await conversations.membershipsOf([lower])).flatMap((rows) =>
      rows.map((row) => row.conversationId).sort(),
    ),
  );
  expect(memberOf).toEqual([directId(lower, upper), 'group:abcdefgh']);
});

test('usernames are compared as they are; what folds them is above', async () => {
  const idOf = async (name: string) =>
    bothAnswer(async ({ users }) => (await users.byUsername(name))?.userId);
  expect(await idOf('ann.lee')).toBe(lower);
  expect(await idOf('änn.lee')).toBe(upper);
  expect(await idOf('Ann.lee')).toBeUndefined();
});

test.each(['zoe', 'ZÖE', 'zoe z', 'ann.l', 'zo', 'zoe 9'])(
  'a search for %j finds the same people in the same order',
  async (query) => {
    const found = await bothAnswer(async ({ users }) => idsOf(await users.search(query, 20)));
    expect(found.length).toBeGreaterThan(0);
  },
);

test('a sweep has the same order', async () => {
  expect(await bothAnswer(({ conversations }) => conversations.list(null, 10))).toEqual([
    directId(upper, lower),
    'group:ABCDEFGH',
    'group:abcdefgh',
  ]);
});
