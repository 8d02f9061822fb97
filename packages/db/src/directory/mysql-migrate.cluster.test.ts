import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@tidings/api/clock';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { openClusterDirectory } from './cluster.ts';
import { MigrationError } from './migrations.ts';
import { migrateMysql } from './mysql-migrate.ts';
import { MysqlDatabase } from './testing/mysql-database.ts';

let folder: string;
let database: MysqlDatabase;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-migrate-'));
  database = await MysqlDatabase.make(inject('engines').mysql);
});

afterEach(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const open = () => openClusterDirectory({ ...database, replicas: [], clock: systemClock });

const all = [
  '20260101000000_init',
  '20261125000000_assets',
  '20261126000000_api_keys',
  '20261126100000_console',
];

test('a new database gets every migration once', async () => {
  expect(await migrateMysql(database.primary)).toEqual(all);
  expect(await migrateMysql(database.primary)).toEqual([]);
  const [row] = await database.query<object[]>('SELECT * FROM _prisma_migrations');
  expect(row).toMatchObject({
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    finished_at: expect.any(Date),
    logs: null,
    rolled_back_at: null,
    applied_steps_count: 1,
  });
});

test('of many at once one does the work', async () => {
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrateMysql(database.primary)));
  expect(applied.flat()).toEqual(all);
});

test('a migration added later is applied to a database that has the earlier ones', async () => {
  write('1_init', 'CREATE TABLE a (x INTEGER);');
  await migrateMysql(database.primary, folder);
  write('2_more', 'ALTER TABLE a ADD COLUMN y INTEGER; CREATE TABLE b (z INTEGER);');
  expect(await migrateMysql(database.primary, folder)).toEqual(['2_more']);
  expect(await database.query('SELECT y FROM a')).toHaveLength(0);
});

test('a migration that failed half-way stops everything until somebody says that it is mended', async () => {
  write('1_init', 'CREATE TABLE a (x INTEGER); CREATE TABLE oops (;');
  await expect(migrateMysql(database.primary, folder)).rejects.toThrow(
    /The migration 1_init failed: .*syntax/,
  );
  write('1_init', 'CREATE TABLE a (x INTEGER);');
  await expect(migrateMysql(database.primary, folder)).rejects.toThrow('failed half-way earlier');
  expect(await database.query('SELECT logs FROM _prisma_migrations')).toMatchObject([
    { logs: expect.stringContaining('syntax') },
  ]);
  // By hand, and what `prisma migrate resolve --rolled-back` does.
  await database.query('DROP TABLE a; UPDATE _prisma_migrations SET rolled_back_at = UTC_TIMESTAMP(3)');
  expect(await migrateMysql(database.primary, folder)).toEqual(['1_init']);
});

test('a changed migration is refused', async () => {
  write('1_init', 'CREATE TABLE a (x INTEGER);');
  await migrateMysql(database.primary, folder);
  write('1_init', 'CREATE TABLE a (x TEXT);');
  await expect(migrateMysql(database.primary, folder)).rejects.toThrow(
    'The migration 1_init was changed after the database had had it.',
  );
});

test('an older version leaves a database alone that has had later migrations, and yet works on it', async () => {
  await migrateMysql(database.primary);
  await database.query(`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '2999_later', NOW())
  `);
  await expect(migrateMysql(database.primary)).rejects.toThrow("which this version doesn't know");
  await (await open()).close();
});

test('a directory that lacks a migration isn’t opened', async () => {
  await expect(open()).rejects.toThrow(MigrationError);
  await migrateMysql(database.primary);
  await (await open()).close();
});

test('a server that isn’t there is unavailable', async () => {
  const nowhere = new URL(database.primary);
  nowhere.port = '1';
  await expect(migrateMysql(nowhere.href)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(
    openClusterDirectory({ primary: nowhere.href, replicas: [], clock: systemClock }),
  ).rejects.toMatchObject({ code: 'unavailable' });
});

function write(name: string, sql: string) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), sql);
}
