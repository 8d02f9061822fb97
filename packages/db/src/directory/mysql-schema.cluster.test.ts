import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrateMysql } from './mysql-migrate.ts';
import { MysqlDatabase } from './testing/mysql-database.ts';
import { linesOfModels } from './testing/prisma-models.ts';

const models = join(import.meta.dirname, '../../../../prisma/mysql/models.prisma');

let database: MysqlDatabase;
beforeAll(async () => {
  database = await MysqlDatabase.make(inject('engines').mysql);
  await migrateMysql(database.primary);
});
afterAll(() => database[Symbol.asyncDispose]());

const expected = () => linesOfModels(readFileSync(models, 'utf8'));

test('the models are read whole', () => {
  const { columns, indexes, foreignKeys } = expected();
  expect(columns).toContain("user.about varchar(1024) not null default ''");
  expect(columns).toContain('membership.removedSeq int null');
  expect(indexes).toContain('membership PRIMARY unique (conversationId,userId)');
  expect(foreignKeys).toContain(
    'session.userId session_userId_fkey → user.id on delete cascade on update cascade',
  );
});

test('the migrations make the columns that the models say', async () => {
  const rows = await database.query<Record<'place' | 'type' | 'nullable' | 'fallback', string | null>[]>(`
    SELECT CONCAT(table_name, '.', column_name) AS place, column_type AS type, is_nullable AS nullable,
      column_default AS fallback
    FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name != '_prisma_migrations'
  `);
  const made = rows.map(({ place, type, nullable, fallback }) =>
    [
      place,
      // MariaDB tells the width at which whole numbers are shown, MySQL 8 doesn't.
      type?.replace(/^(int|bigint|tinyint)\(\d+\)$/, '$1'),
      nullable === 'YES' ? 'null' : 'not null',
      ...defaultOf(fallback, type ?? ''),
    ].join(' '),
  );
  expect(made.sort()).toEqual(expected().columns);
});

test('the migrations make the indexes that the models say', async () => {
  const rows = await database.query<{ place: string; isUnique: bigint | number; fields: string }[]>(`
    SELECT CONCAT(table_name, ' ', index_name) AS place, MIN(non_unique) = 0 AS isUnique,
      GROUP_CONCAT(column_name ORDER BY seq_in_index) AS fields
    FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name != '_prisma_migrations'
    GROUP BY table_name, index_name
  `);
  const made = rows.map(
    ({ place, isUnique, fields }) => `${place} ${Number(isUnique) ? 'unique ' : ''}(${fields})`,
  );
  expect(made.sort()).toEqual(expected().indexes);
});

test('the migrations make the foreign keys that the models say', async () => {
  const rows = await database.query<{ line: string }[]>(`
    SELECT CONCAT(k.table_name, '.', k.column_name, ' ', k.constraint_name, ' → ', k.referenced_table_name, '.',
      k.referenced_column_name, ' on delete ', LOWER(r.delete_rule), ' on update ', LOWER(r.update_rule)) AS line
    FROM information_schema.key_column_usage k
    JOIN information_schema.referential_constraints r
      ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
    WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
  `);
  expect(rows.map(({ line }) => line).sort()).toEqual(expected().foreignKeys);
});

test('text compares by code point everywhere, as on SQLite', async () => {
  const rows = await database.query<{ collation: string; columns: bigint | number }[]>(`
    SELECT collation_name AS collation, COUNT(*) AS columns FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name != '_prisma_migrations' AND collation_name IS NOT NULL
    GROUP BY collation_name
  `);
  expect(rows.map(({ collation }) => collation)).toEqual(['utf8mb4_bin']);
});

/** MariaDB tells defaults as SQL, with quotes and NULL; MySQL as bare values. */
function defaultOf(told: string | null, type: string): readonly string[] {
  if (told === null || told === 'NULL') return [];
  const isText = /^(var)?char|text/.test(type);
  return [`default ${isText && !told.startsWith("'") ? `'${told}'` : told.toLowerCase()}`];
}
