import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/sqlite-files.ts';
import { openFile } from './open.ts';

const folder = temporaryFolder();

test('LOG2 a commit waits for the disk', () => {
  const db = openFile(join(folder, 'durable.db'));
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  db.close();
});

test('only its owner reads the file and its log', () => {
  const path = join(folder, 'private.db');
  const db = openFile(path);
  for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o077).toBe(0);
  db.close();
});

test('a file of a newer version is refused, and left alone', () => {
  const path = join(folder, 'newer.db');
  const newer = new Database(path);
  newer.pragma('user_version = 99');
  newer.close();
  expect(() => openFile(path)).toThrow(/newer version/);
});

test('a file that is no database is refused', () => {
  const path = join(folder, 'text.db');
  writeFileSync(path, 'not a database, but long enough to look at '.repeat(50));
  expect(() => openFile(path)).toThrow(/not a database/);
});
