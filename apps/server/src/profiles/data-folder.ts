import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StartupError } from '../startup-error.ts';

/** The folder that holds everything of the embedded profile, ours alone until `close`, or until nobody holds this any more. */
export type DataFolder = { readonly path: string; close(): void };

/**
 * Makes the folder if it isn't there, readable by its owner only, and takes it for this process. The lock is SQLite's on a file in
 * it: the system lets it go when the process ends, however it ends, so it can't be left behind as a file with a pid can.
 * @throws StartupError when it can't be made, written, or another process has it.
 */
export function openDataFolder(path: string): DataFolder {
  makeWritable(path);
  const lock = takeLock(path);
  const pidFile = join(path, 'server.pid');
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    path,
    close() {
      if (!lock.open) return;
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

function makeWritable(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (!statSync(path).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    chmodSync(path, 0o700);
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message;
    throw new StartupError(
      `The data folder ${path} can't be used: ${reason}. Set DATA_DIR to a folder that can be written.`,
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'it is read-only',
  ENOTDIR: 'it, or a part of its path, is not a folder',
  EEXIST: 'it is not a folder',
  ENOENT: 'it can’t be made there',
  ENOSPC: 'there is no room left',
};

function takeLock(path: string): Database.Database {
  const file = join(path, 'lock');
  try {
    // A server that is just ending gets a moment.
    const lock = new Database(file, { timeout: 1_000 });
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_BUSY')
      throw new StartupError(`The data folder ${path} can't be used: ${(error as Error).message}.`);
    throw new StartupError(
      `The data folder ${path} is in use by another Tidings${holderOf(path)}. Stop that one, or set DATA_DIR to another folder.`,
    );
  }
}

function holderOf(path: string): string {
  try {
    return ` (process ${readFileSync(join(path, 'server.pid'), 'utf8').trim()})`;
  } catch {
    return '';
  }
}
