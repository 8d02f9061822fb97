import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Database } from 'better-sqlite3';
import { migrateSqlite } from './sqlite-migrate.ts';

/** Opens a migrated database for Prisma, in this thread. Throws `MigrationError` when it is of a newer version. */
export async function connectSqlite(path: string): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaBetterSqlite3({
    url: path === ':memory:' ? path : `file:${path}`,
  }).connect();
  const db = (adapter as unknown as { readonly client: Database }).client;
  for (const pragma of pragmas) db.pragma(pragma);
  migrateSqlite(db);
  return adapter;
}

const pragmas = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'busy_timeout = 5000',
  'secure_delete = ON',
];
