import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secureId } from '@tidings/api/clock';
import { afterAll, expect, test } from 'vitest';
import { copied } from '../testing/copied.ts';
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

/** A file system of 2 MiB of its own; only root may have one. */
function smallDisk(): { readonly path: string; free(): void } | null {
  const path = mkdtempSync(join(tmpdir(), 'tidings-small-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path]).status === 0;
  const free = () => {
    if (mounted) spawnSync('umount', [path]);
    rmSync(path, { recursive: true, force: true });
  };
  if (mounted) return { path, free };
  free();
  return null;
}

test('a disk that is full is told, and the upload goes on when there is room', async ({ skip }) => {
  const disk = smallDisk();
  if (!disk) return skip('only root may make a small disk');
  try {
    const filler = join(disk.path, 'filler');
    writeFileSync(filler, Buffer.alloc(1_500_000));
    const blobs = new FileBlobs(join(disk.path, 'assets'));
    const content = randomBytes(1_400_000);
    const blob = { name: secureId(), bytes: content.byteLength };
    const piece = async function* (from: number) {
      for (let at = from; at < content.byteLength; at += 65_536) yield content.subarray(at, at + 65_536);
    };
    await expect(blobs.append(blob, 0, piece(0))).rejects.toMatchObject({ code: 'storage-full' });
    const held = await blobs.held(blob);
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(content.byteLength);
    rmSync(filler);
    expect(await blobs.append(blob, held, piece(held))).toBe(content.byteLength);
    await blobs.finish(blob);
    const stored = await copied(await blobs.read(blob.name, 0, content.byteLength - 1));
    expect(stored.equals(content)).toBe(true);
  } finally {
    disk.free();
  }
});
