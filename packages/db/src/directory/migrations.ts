import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folderOf = (provider: 'sqlite' | 'mysql') =>
  join(import.meta.dirname, `../../../../prisma/${provider}/migrations`);

/** Where the directory's migrations are: one folder each, applied in the order of their names. */
export const sqliteMigrations = folderOf('sqlite');
export const mysqlMigrations = folderOf('mysql');

/** `checksum` is Prisma's: SHA-256 of the file, in hex. */
export type Migration = { readonly name: string; readonly sql: string; readonly checksum: string };
export type Applied = Pick<Migration, 'name' | 'checksum'>;

/** The database and the migrations that came with this version don't fit together. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

export function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'migration.sql')))
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** Those that the database hasn't had yet, in order. Throws `MigrationError` when one that it has had is changed or unknown. */
export function missingOf(
  migrations: readonly Migration[],
  applied: readonly Applied[],
): readonly Migration[] {
  refuseChanges(migrations, applied);
  return migrations.filter(({ name }) => !applied.some((one) => one.name === name));
}

/** The sentence for a migration whose SQL was refused. */
export const failureOf = (name: string, error: unknown): MigrationError =>
  new MigrationError(`The migration ${name} failed: ${(error as Error).message}`, { cause: error });

function refuseChanges(migrations: readonly Migration[], applied: readonly Applied[]): void {
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
