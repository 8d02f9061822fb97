import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directId, seq, userId } from '@tidings/api/ids';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { describeAdministration } from './administration-contract.ts';
import { describeAssetDirectory } from './asset-contract.ts';
import { describeBotDirectory } from './bot-contract.ts';
import { describeDirectory } from './contract.ts';
import { openEmbeddedDirectory } from './embedded.ts';
import { MigrationError } from './migrations.ts';
import { underTest } from './testing/under-test.ts';

const open = async (path: string) => underTest(await openEmbeddedDirectory(path));

const scratch = mkdtempSync(join(tmpdir(), 'tidings-directory-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describeDirectory('SQLite, in memory', () => open(':memory:'));
describeAssetDirectory('SQLite, in memory', () => openEmbeddedDirectory(':memory:'));
describeBotDirectory('SQLite, in memory', () => open(':memory:'));
describeAdministration('SQLite, in memory', () => open(':memory:'));
describeDirectory('SQLite, in a file and a thread', () => open(join(scratch, 'directory.db')));

test('what a file holds is there when it is opened again, and nobody else may read it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-directory-'));
  const path = join(folder, 'directory.db');
  try {
    const first = await open(path);
    const [ann, bob] = [userId('ann-000000'), userId('bob-000000')];
    for (const id of [ann, bob]) await first.addUser({ id, username: id, name: id });
    const members = [ann, bob].map((user) => ({ userId: user, role: 'member' as const, joinedSeq: seq(1) }));
    await first.conversations.create({ id: directId(ann, bob), createdBy: ann, createdAt: 1, members });
    await first.close();
    const second = await open(path);
    expect(await second.conversations.list(null, 10)).toEqual([directId(ann, bob)]);
    expect((await second.users.search('ann', 10)).map((user) => user.userId)).toEqual([ann]);
    await second.close();
    expect(statSync(path).mode & 0o077).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each([':memory:', join(scratch, 'turns.db')])(
  'a query beside a transaction that is rolled back keeps what it wrote (%#)',
  async (path) => {
    const { client, close } = await openEmbeddedDirectory(path);
    const row = (id: string) => ({
      id,
      name: id,
      username: id,
      displayUsername: id,
      email: `${id}@users.invalid`,
    });
    const rolledBack = client.$transaction(async (transaction) => {
      await transaction.user.create({ data: row('inside-1') });
      throw new Error('no');
    });
    const beside = client.user.create({ data: row('beside-1') });
    await expect(rolledBack).rejects.toThrow('no');
    await beside;
    expect((await client.user.findMany({ select: { id: true } })).map((user) => user.id)).toEqual([
      'beside-1',
    ]);
    await close();
  },
);

test('a file of a newer version is refused in one sentence', async () => {
  const path = join(scratch, 'newer.db');
  await (await openEmbeddedDirectory(path)).close();
  const db = new Database(path);
  db.exec("UPDATE _prisma_migrations SET migration_name = '29990101000000_later'");
  db.close();
  await expect(openEmbeddedDirectory(path)).rejects.toThrow(MigrationError);
});
