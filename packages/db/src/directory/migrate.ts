import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';

/** Where the SQLite directory's migrations are: one folder each, applied in the order of their names. */
export const sqliteMigrations = join(import.meta.dirname, '../../../../prisma/sqlite/migrations');

type Migration = { name: string; sql: string; checksum: string };
type Applied = { name: string; checksum: string };

/**
 * Brings a directory up to date, and returns the names of the migrations that this call applied. It keeps Prisma's own
 * table in Prisma's own way, so that `prisma migrate` on the same database agrees with it; the engine behind that
 * command isn't needed. Everything happens in one transaction: a failed migration leaves the database as it was, and
 * two processes that start at once don't both apply one.
 *
 * @throws MigrationError if a migration that was applied has been changed or is gone, or if its SQL fails.
 */
export function migrate(db: Database, folder = sqliteMigrations): string[] {
  const migrations = readMigrations(folder);
  const bringUpToDate = db.transaction(() => {
    db.exec(createTable);
    const applied = readApplied(db);
    refuseChanges(migrations, applied);
    const missing = migrations.filter(({ name }) => !applied.some((one) => one.name === name));
    for (const migration of missing) apply(db, migration);
    return missing.map(({ name }) => name);
  });
  return bringUpToDate.immediate();
}

/** The database and the migrations that came with this version don't fit together. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'migration.sql')))
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

function readApplied(db: Database): Applied[] {
  const rows = db.prepare<[], Applied>(`
    SELECT migration_name AS name, checksum FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name
  `);
  return rows.all();
}

function refuseChanges(migrations: Migration[], applied: Applied[]) {
  for (const { name, checksum } of applied) {
    const migration = migrations.find((one) => one.name === name);
    if (!migration) {
      throw new MigrationError(
        `The database has had the migration ${name}, which this version doesn't know: it was last used by a newer version.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        `The migration ${name} was changed after the database had had it. Restore the file, and make the change in a new migration.`,
      );
    }
  }
}

function apply(db: Database, { name, sql, checksum }: Migration) {
  const startedAt = Date.now();
  try {
    db.exec(sql);
  } catch (error) {
    throw new MigrationError(`The migration ${name} failed: ${(error as Error).message}`, { cause: error });
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
