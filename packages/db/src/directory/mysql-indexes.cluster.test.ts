import type { SqlDriverAdapterFactory, SqlQuery, SqlQueryable } from '@prisma/driver-adapter-utils';
import { afterAll, expect, inject, test } from 'vitest';
import { describeAdministration } from './administration-contract.ts';
import { describeAssetDirectory } from './asset-contract.ts';
import { describeBotDirectory } from './bot-contract.ts';
import { alone } from './client.ts';
import { describeDirectory } from './contract.ts';
import { directoryOn } from './directory.ts';
import { mysqlClient } from './mysql-client.ts';
import { migrateMysql } from './mysql-migrate.ts';
import { defaultLimits, openPool } from './mysql-pool.ts';
import { MysqlDatabase } from './testing/mysql-database.ts';
import { underTest } from './testing/under-test.ts';

const database = await MysqlDatabase.make(inject('engines').mysql);
const pool = openPool(database.primary, defaultLimits);
afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
});

const statements = new Map<string, SqlQuery>();

// The suite's own calls make the statements, in tables that are large enough for an index to matter.
const filled = migrateMysql(database.primary).then(() => fill(database));
async function open() {
  await filled;
  const client = mysqlClient(pool, database.name, keepingStatements);
  return underTest({
    ...directoryOn(alone(client)),
    client,
    provider: 'mysql',
    close: () => client.$disconnect(),
  });
}
describeDirectory('MySQL, watched for how it finds rows', open);
describeAssetDirectory('MySQL, watched for how it finds rows', open);
describeAdministration('MySQL, watched for how it finds rows', open);
describeBotDirectory('MySQL, watched for how it finds rows', open);

test('every statement finds its rows by an index', async () => {
  expect(statements.size).toBeGreaterThan(30);
  const scans: string[] = [];
  for (const { sql, args, argTypes } of statements.values()) {
    // As Prisma's adapter gives them to the driver.
    const values = args.map((arg, at) => {
      const type = argTypes[at]?.scalarType;
      if (type === 'bigint' || type === 'int') return Number(arg);
      return type === 'datetime' ? new Date(arg as string) : arg;
    });
    for (const step of await planOf(sql, values)) if (isScan(step, sql)) scans.push(`${step.table}: ${sql}`);
  }
  expect(scans).toEqual([]);
});

test('a statement without an index would be noticed', async () => {
  expect(await planOf('SELECT id FROM `user` WHERE `about` = ?', ['x'])).toMatchObject([{ type: 'ALL' }]);
});

type Step = { readonly type: string | null; readonly table: string | null };

const planOf = (sql: string, args: readonly unknown[]): Promise<readonly Step[]> =>
  pool.query<Step[]>(`EXPLAIN ${sql}`, [...args]);

function isScan({ type, table }: Step, sql: string): boolean {
  // What a subquery found, which has a step of its own.
  if (table?.startsWith('<subquery')) return false;
  return type === 'ALL' || (type === 'index' && !isSweep(sql));
}

/** It reads an index from its beginning and stops at the page's end. */
const isSweep = (sql: string): boolean =>
  /ORDER BY `[^`]+`\.(`conversation`\.`id` ASC|`audit_entry`\.`position` DESC) LIMIT/.test(sql);

const tables = [
  ...['user', 'user_word', 'session', 'conversation', 'membership', 'group_change', 'invite'],
  ...['asset', 'asset_claim', 'asset_reference', 'upload', 'audit_entry', 'report', 'server_setting'],
];

/** A thousand people, with what belongs to them. */
async function fill({ query }: MysqlDatabase): Promise<void> {
  const run = query.bind(database);
  const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)';
  const insert = (table: string, columns: string, values: string) =>
    run(`INSERT INTO ${table} (${columns}) ${numbers} SELECT ${values} FROM n`);
  await insert(
    'user',
    'id, name, username, displayUsername, email, updatedAt',
    "CONCAT('filler-', i), CONCAT('Name ', i), CONCAT('filler-', i), '', CONCAT(i, '@users.invalid'), NOW()",
  );
  await insert('user_word', 'word, userId', "CONCAT('filler', i), CONCAT('filler-', i)");
  await insert(
    'session',
    'id, token, userId, expiresAt, updatedAt',
    "CONCAT('filler-', i), CONCAT('filler-', i), CONCAT('filler-', i), NOW() + INTERVAL 1 DAY, NOW()",
  );
  await insert('conversation', 'id, kind, createdBy', "CONCAT('group:filler-', i), 'group', 'filler-1'");
  await insert(
    'membership',
    'conversationId, userId, joinedSeq',
    "CONCAT('group:filler-', i), CONCAT('filler-', i), 1",
  );
  await insert(
    'group_change',
    'id, conversationId, payload, createdAt',
    "CONCAT('filler-', i), CONCAT('group:filler-', i), '{}', '2100-01-01'",
  );
  await insert(
    'invite',
    'code, createdBy, expiresAt',
    "CONCAT('filler-', i), CONCAT('filler-', i), NOW() + INTERVAL 1 DAY",
  );
  await insert(
    'asset',
    'id, `check`, bytes, `blob`, uploaderId, storedAt',
    "CONCAT('filler-', i), '', 1, CONCAT('filler-', i), CONCAT('filler-', i), NOW()",
  );
  await insert(
    'asset_claim',
    'assetId, userId, `check`, bytes, until',
    "CONCAT('filler-', i), CONCAT('filler-', i), '', 1, '2900-01-01'",
  );
  await insert(
    'asset_reference',
    'assetId, conversationId, sendKey, seq, since',
    "CONCAT('filler-', i), CONCAT('group:filler-', i), 'filler', i, 0",
  );
  await insert(
    'upload',
    'id, assetId, userId, `check`, bytes, touchedAt',
    "CONCAT('filler-', i), CONCAT('filler-', i), CONCAT('filler-', i), '', 1, '2900-01-01'",
  );
  await insert(
    'audit_entry',
    'at, byUser, byDevice, act, subject',
    "NOW(), CONCAT('filler-', i), 'filler', 'filler', 'filler'",
  );
  await insert(
    'report',
    'id, conversationId, seq, authorId, reporterId, reason, note, excerpt, createdAt, state',
    "CONCAT('filler-', i), CONCAT('group:filler-', i), 1, 'filler', 'filler', 'spam', '', '', NOW(), 'filler'",
  );
  await insert('server_setting', 'name, value', "CONCAT('filler-', i), ''");
  await run(`ANALYZE TABLE ${tables.join(', ')}`);
}

function keepingStatements(inner: SqlDriverAdapterFactory): SqlDriverAdapterFactory {
  const watch = <T extends SqlQueryable>(queryable: T): T => {
    const { queryRaw, executeRaw } = queryable;
    queryable.queryRaw = (query) => queryRaw.call(queryable, keep(query));
    queryable.executeRaw = (query) => executeRaw.call(queryable, keep(query));
    return queryable;
  };
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    async connect() {
      const adapter = watch(await inner.connect());
      const { startTransaction } = adapter;
      adapter.startTransaction = async (level) => watch(await startTransaction.call(adapter, level));
      return adapter;
    },
  };
}

function keep(query: SqlQuery): SqlQuery {
  if (/^(SELECT|UPDATE|DELETE)/.test(query.sql)) statements.set(query.sql, query);
  return query;
}
