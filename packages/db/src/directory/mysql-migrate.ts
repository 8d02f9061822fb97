import { randomUUID } from 'node:crypto';
import { TidingsError } from '@tidings/api/errors';
import type { Connection, Pool } from 'mariadb';
import {
  type Applied,
  failureOf,
  type Migration,
  MigrationError,
  missingOf,
  mysqlMigrations,
  readMigrations,
} from './migrations.ts';
import { connectMysql } from './mysql-pool.ts';

/** Prisma's own: its command and this one wait for each other. */
const lock = 'prisma_migrate';
const lockSeconds = 60;

/**
 * Brings the database that the URL names up to date, and returns the names of the migrations that this call applied. Like
 * `prisma migrate deploy` it takes Prisma's lock, keeps Prisma's table and stops at a migration that failed: MySQL commits
 * each statement that changes a table at once, so what a failed migration did before its failure stays, and only a person can
 * tell what to do about it. Any number of processes may call it at once; one of them does the work.
 *
 * @throws MigrationError if a migration that was applied has been changed, is gone or had failed, or if its SQL fails.
 * @throws TidingsError `unavailable` if the server can't be reached, or somebody else holds the lock for a minute.
 */
export async function migrateMysql(url: string, folder = mysqlMigrations): Promise<readonly string[]> {
  const migrations = readMigrations(folder);
  const connection = await connectMysql(url).catch((error: unknown) => {
    throw new TidingsError('unavailable', 'the directory’s primary', { cause: error });
  });
  try {
    await takeLock(connection);
    await connection.query(createTable);
    const missing = missingOf(migrations, await readApplied(connection));
    for (const migration of missing) await apply(connection, migration);
    return missing.map(({ name }) => name);
  } finally {
    // The lock goes with the connection.
    await connection.end();
  }
}

/**
 * Refuses a database that lacks a migration of this version's. One that has had later ones is welcome: in a rolling upgrade the
 * migration job goes first, and processes of the older version restart beside it.
 */
export async function requireMigrated(pool: Pool): Promise<void> {
  const applied = await readApplied(pool).catch((error: unknown) => {
    if ((error as { errno?: number }).errno === noSuchTable) return [];
    throw error;
  });
  const names = new Set(applied.map(({ name }) => name));
  const missing = readMigrations(mysqlMigrations).find(({ name }) => !names.has(name));
  if (missing)
    throw new MigrationError(
      `The database lacks the migration ${missing.name}: run the migration job first.`,
    );
}

const noSuchTable = 1146;

async function takeLock(connection: Connection): Promise<void> {
  const [row] = await connection.query<{ taken: bigint | number | null }[]>(
    'SELECT GET_LOCK(?, ?) AS taken',
    [lock, lockSeconds],
  );
  if (Number(row?.taken) !== 1)
    throw new TidingsError('unavailable', 'somebody else has been migrating this server for a minute');
}

type Row = Applied & { readonly finished: number };

async function readApplied(connection: Pick<Connection, 'query'>): Promise<readonly Applied[]> {
  const rows = await connection.query<Row[]>(`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations
    WHERE rolled_back_at IS NULL ORDER BY migration_name
  `);
  const failed = rows.find(({ finished }) => !Number(finished));
  if (failed) {
    throw new MigrationError(
      `The migration ${failed.name} failed half-way earlier (the table _prisma_migrations says how). Put the database right by hand, then tell with "prisma migrate resolve".`,
    );
  }
  return rows;
}

async function apply(connection: Connection, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID();
  await connection.query(
    'INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES (?, ?, ?, UTC_TIMESTAMP(3))',
    [id, checksum, name],
  );
  try {
    await connection.query(sql);
  } catch (error) {
    await connection.query('UPDATE _prisma_migrations SET logs = ? WHERE id = ?', [String(error), id]);
    throw failureOf(name, error);
  }
  await connection.query(
    'UPDATE _prisma_migrations SET finished_at = UTC_TIMESTAMP(3), applied_steps_count = 1 WHERE id = ?',
    [id],
  );
}

/** As Prisma's own engine makes it. */
const createTable = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         DATETIME(3),
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      DATETIME(3),
    started_at          DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0
  ) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci
`;
