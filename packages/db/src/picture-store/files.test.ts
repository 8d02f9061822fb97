import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describePictureStore } from './contract.ts';
import { FilePictures } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidings-pictures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describePictureStore('files', async () => new FilePictures(folder));

test('only their owner reads the files, and no half-written ones stay', async () => {
  await new FilePictures(folder).put(new Uint8Array([1, 2, 3]));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.every((file) => /^[0-9a-f]{64}$/.test(file.name))).toBe(true);
  expect(files.every((file) => (statSync(join(file.parentPath, file.name)).mode & 0o077) === 0)).toBe(true);
});

test('a folder that cannot be written is unavailable', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  await expect(new FilePictures(join(file, 'below')).put(new Uint8Array([1]))).rejects.toMatchObject({
    code: 'unavailable',
  });
});
