import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secureId } from '@tidings/api/clock';
import { afterAll, expect, test } from 'vitest';
import { describeBlobStore } from './contract.ts';
import { FileBlobs } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidings-blobs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeBlobStore('files', async () => new FileBlobs(folder));

async function* once(text: string) {
  yield Buffer.from(text);
}

test('only their owner reads the files', async () => {
  const place = join(folder, 'own');
  const blobs = new FileBlobs(place);
  const blob = { name: secureId(), bytes: 3 };
  await blobs.append(blob, 0, once('abc'));
  const files = () =>
    readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const isPrivate = () =>
    files().every(({ parentPath, name }) => (statSync(join(parentPath, name)).mode & 0o077) === 0);
  expect(files().map(({ name }) => name)).toEqual([`${blob.name}.part`]);
  expect(isPrivate()).toBe(true);
  await blobs.finish(blob);
  expect(files().map(({ name }) => name)).toEqual([blob.name]);
  expect(isPrivate()).toBe(true);
});

test('a folder that cannot be written is unavailable', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const blobs = new FileBlobs(join(file, 'below'));
  await expect(blobs.append({ name: secureId(), bytes: 1 }, 0, once('x'))).rejects.toMatchObject({
    code: 'unavailable',
  });
});
