import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@tidings/api/clock';
import { afterAll } from 'vitest';
import { openSqliteStores, openSqliteStoresInProcess, type SqliteStores } from '../sqlite/stores.ts';
import type { Opening } from './opening.ts';

/** A folder for the tests of a file, gone afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-db-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Both forms of the SQLite stores, for the contract suite of one of them. */
export const sqliteForms = [
  { form: 'SQLite in a thread', openStores: (path: string) => openSqliteStores(path, systemClock) },
  {
    form: 'SQLite in process',
    openStores: async (path: string) => openSqliteStoresInProcess(path, systemClock),
  },
] as const;

/** One store of a file of its own. */
export function openingOf<T>(
  openStores: (path: string) => Promise<SqliteStores>,
  pick: (stores: SqliteStores) => T,
): Opening<T> {
  const path = join(temporaryFolder(), 'tidings.db');
  let stores: SqliteStores | null = null;
  const reopen = async () => {
    await stores?.stop();
    stores = await openStores(path);
    return pick(stores);
  };
  afterAll(() => stores?.stop());
  return { open: reopen, reopen };
}
