import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { migrateStores } from './schema.ts';

export type FileOptions = {
  /** The file grows no larger than this; then appends fail with `storage-full`. No limit when absent. */
  readonly maxBytes?: number;
};

/** Opens `tidings.db`, made when it isn't there and readable by its owner only; or a database in memory for `:memory:`. */
export function openFile(path: string, options: FileOptions = {}): Database.Database {
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
  const db = new Database(path);
  try {
    for (const pragma of pragmas) db.pragma(pragma);
    const pageSize = db.pragma('page_size', { simple: true }) as number;
    migrateStores(db);
    if (options.maxBytes !== undefined)
      db.pragma(`max_page_count = ${Math.ceil(options.maxBytes / pageSize)}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const pragmas = [
  'journal_mode = WAL',
  // In WAL mode the default of this build is NORMAL, which loses commits when the power goes.
  'synchronous = FULL',
  'cache_size = -65536',
  'wal_autocheckpoint = 4000',
  // After a burst the write-ahead log shrinks again.
  'journal_size_limit = 67108864',
  // What a redaction erased is overwritten, not only unlinked.
  'secure_delete = ON',
  'temp_store = MEMORY',
];
