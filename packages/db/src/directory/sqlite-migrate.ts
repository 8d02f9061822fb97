import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import {
  type Applied,
  failureOf,
  type Migration,
  missingOf,
  readMigrations,
  sqliteMigrations,
} from './migrations.ts';

/**
 * Brings a directory up to date, and returns the names of the migrations that this call applied. It keeps Prisma's own
 * table in Prisma's own way, so that `prisma migrate` on the same database agrees with it; the engine behind that
 * command isn't needed. Everything happens in one transaction: a failed migration leaves the database as it was, and
 * two processes that start at once don't both apply one.
 *
 * @throws MigrationError if a migration that was applied has been changed or is gone, or if its SQL fails.
 */
export function migrateSqlite(db: Database, folder = sqliteMigrations): string[] {
  const migrations = readMigrations(folder);
  const bringUpToDate = db.transaction(() => {
    db.exec(createTable);
    const missing = missingOf(migrations, readApplied(db));
    for (const migration of missing) apply(db, migration);
    return missing.map(({ name }) => name);
  });
  return bringUpToDate.immediate();
}

function readApplied(db: Database): Applied[] {
  const rows = db.prepare<[], Applied>(`
    SELECT migration_name AS name, checksum FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name
  `);
  return rows.all();
}

function apply(db: Database, { name, sql, checksum }: Migration) {
  const startedAt = Date.now();
  try {
    db.exec(sql);
  } catch (error) {
    throw failureOf(name, error);
  }
  db.prepare(`
    INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
    VALUES (?, ?, ?, ?, ?, 1)
  `).run(randomUUID(), checksum, Date.now(), name, startedAt);
}

/** As Prisma's own engine makes it. */
const createTable = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                  TEXT PRIMARY KEY NOT NULL,
    "checksum"            TEXT NOT NULL,
    "finished_at"         DATETIME,
    "migration_name"      TEXT NOT NULL,
    "logs"                TEXT,
    "rolled_back_at"      DATETIME,
    "started_at"          DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
  )
`;
