import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSecrets } from './secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('secrets are made once, for their owner only', () => {
  const made = loadSecrets(folder);
  expect(made.session).toMatch(/^[\w-]{43}$/);
  expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
  expect(loadSecrets(folder)).toEqual(made);
});

test('a damaged file is not replaced behind anybody’s back', () => {
  for (const damage of ['', '{', '{"session":"short"}']) {
    writeFileSync(join(folder, 'secrets.json'), damage);
    expect(() => loadSecrets(folder)).toThrow(/secrets\.json is damaged/);
  }
});
