import { expect, test } from 'vitest';
import { defaultLimits, openPool } from './mysql-pool.ts';

test.each([
  ['postgres://tidings:secret@db.example.org/tidings', 'not with postgres:'],
  ['mysql://tidings:secret@db.example.org', 'names no database'],
  ['mysql://tidings:secret@db.example.org/tidings?ssl=maybe', 'ssl=maybe'],
  ['mysql://tidings:secret@db.example.org/tidings?multipleStatements=true', 'multipleStatements'],
])('%s is refused in a sentence that keeps the password', (url, words) => {
  const open = () => openPool(url, defaultLimits);
  expect(open).toThrow(words);
  expect(open).not.toThrow('secret');
});
