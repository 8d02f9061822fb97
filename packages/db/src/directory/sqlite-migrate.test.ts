import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PrismaClient } from './generated/sqlite/client.ts';
import { sqlForModels } from './models-sql.ts';
import { migrateSqlite } from './sqlite-migrate.ts';

let folder: string;
let db: Database.Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-migrate-'));
  db = new Database(join(folder, 'directory.db'));
});

afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a new database gets every migration once', () => {
  expect(migrateSqlite(db)).toEqual([
    '20260101000000_init',
    '20261125000000_assets',
    '20261126000000_api_keys',
    '20261126100000_console',
  ]);
  expect(migrateSqlite(db)).toEqual([]);
});

test('the migrations make what the models say', async () => {
  migrateSqlite(db);
  const fromModels = new Database(':memory:');
  fromModels.exec(await sqlForModels());
  expect(schemaOf(db)).toEqual(schemaOf(fromModels));
});

test('the Prisma client reads and writes a migrated database', async () => {
  migrateSqlite(db);
  const prisma = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${db.name}` }) });
  await prisma.user.create({
    data: { id: 'ada', name: 'Ada', username: 'ada', displayUsername: 'Ada', email: 'ada@users.invalid' },
  });
  expect(await prisma.user.findUnique({ where: { username: 'ada' } })).toMatchObject({
    lastSeenPrivacy: 'everyone',
    readReceipts: true,
    createdAt: expect.any(Date),
  });
  await prisma.$disconnect();
});

test('a migration added later is applied to a database that has the earlier ones', () => {
  write('1_init', 'CREATE TABLE a (x INTEGER);');
  migrateSqlite(db, folder);
  write('2_more', 'ALTER TABLE a ADD COLUMN y INTEGER; CREATE TABLE b (z INTEGER);');
  expect(migrateSqlite(db, folder)).toEqual(['2_more']);
  expect(db.prepare('SELECT y FROM a').all()).toEqual([]);
});

test('a migration that fails leaves nothing behind and is tried again', () => {
  write('1_init', 'CREATE TABLE a (x INTEGER); CREATE TABLE oops (;');
  expect(() => migrateSqlite(db, folder)).toThrow(/The migration 1_init failed: .*syntax error/);
  write('1_init', 'CREATE TABLE a (x INTEGER);');
  expect(migrateSqlite(db, folder)).toEqual(['1_init']);
});

test('a changed migration is refused', () => {
  write('1_init', 'CREATE TABLE a (x INTEGER);');
  migrateSqlite(db, folder);
  write('1_init', 'CREATE TABLE a (x TEXT);');
  expect(() => migrateSqlite(db, folder)).toThrow(
    'The migration 1_init was changed after the database had had it.',
  );
});

test('a database of a newer version is refused', () => {
  write('1_init', 'CREATE TABLE a (x INTEGER);');
  write('2_newer', 'CREATE TABLE b (x INTEGER);');
  migrateSqlite(db, folder);
  rmSync(join(folder, '2_newer'), { recursive: true });
  expect(() => migrateSqlite(db, folder)).toThrow("which this version doesn't know");
});

function write(name: string, sql: string) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), sql);
}

/** By what it holds, not by its words: a column that a later migration adds stands behind the others. */
function schemaOf(database: Database.Database) {
  const tables = database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name != '_prisma_migrations' ORDER BY name",
    )
    .pluck()
    .all() as string[];
  const indexes = database
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
    .all();
  const columns = tables.map((table) => [
    table,
    database
      .prepare('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?) ORDER BY name')
      .all(table),
    database
      .prepare(
        'SELECT "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY "from"',
      )
      .all(table),
  ]);
  return { columns, indexes };
}
