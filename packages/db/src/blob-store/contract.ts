import { createHash, randomBytes } from 'node:crypto';
import { secureId } from '@tidings/api/clock';
import { describe, expect, test } from 'vitest';
import { copied } from '../testing/copied.ts';
import type { Blob, BlobStore } from './port.ts';

const kib = 1024;
const mib = 1024 * kib;

/** `open` again gives the same blobs, as another process would see them. */
export function describeBlobStore(name: string, open: () => Promise<BlobStore>): void {
  describe(`blob store on ${name}`, () => {
    const someBlob = (bytes: number): Blob => ({ name: secureId(), bytes });

    async function stored(store: BlobStore, content: Buffer): Promise<Blob> {
      const blob = someBlob(content.byteLength);
      expect(await store.append(blob, 0, inChunks(content))).toBe(content.byteLength);
      await store.finish(blob);
      return blob;
    }
    async function contentOf(store: BlobStore, { name: blob, bytes }: Blob): Promise<Buffer> {
      return copied(await store.read(blob, 0, bytes - 1));
    }

    test('gives back the bytes that it took', async () => {
      const store = await open();
      for (const size of [1, 1_000, 300 * kib, 6 * mib]) {
        const content = randomBytes(size);
        const blob = await stored(store, content);
        expect(digest(await contentOf(store, blob))).toBe(digest(content));
        expect(await store.held(blob)).toBe(size);
      }
    });
    test('what comes in pieces, from several processes, is one blob', async () => {
      const content = randomBytes(13 * mib + 17);
      const blob = someBlob(content.byteLength);
      const cuts = [0, 1, 700 * kib, 5 * mib, 5 * mib + 1, 12 * mib, content.byteLength];
      for (const [index, from] of cuts.slice(0, -1).entries()) {
        const store = await open();
        expect(await store.held(blob)).toBe(from);
        const to = cuts[index + 1] as number;
        expect(await store.append(blob, from, inChunks(content.subarray(from, to)))).toBe(to);
      }
      const store = await open();
      await store.finish(blob);
      expect(digest(await contentOf(store, blob))).toBe(digest(content));
    });
    test('a small one comes in pieces as well', async () => {
      const store = await open();
      const content = randomBytes(100);
      const blob = someBlob(100);
      expect(await store.append(blob, 0, inChunks(content.subarray(0, 40)))).toBe(40);
      expect(await (await open()).held(blob)).toBe(40);
      expect(await (await open()).append(blob, 40, inChunks(content.subarray(40)))).toBe(100);
      await store.finish(blob);
      expect(await contentOf(store, blob)).toEqual(content);
    });
    test('what was held is held when the source fails', async () => {
      const store = await open();
      const content = randomBytes(7 * mib);
      const blob = someBlob(content.byteLength);
      await store.append(blob, 0, inChunks(content.subarray(0, 2 * mib)));
      const failing = (async function* () {
        yield content.subarray(2 * mib, 3 * mib);
        throw new Error('the line broke');
      })();
      await expect(store.append(blob, 2 * mib, failing)).rejects.toThrow();
      const held = await (await open()).held(blob);
      expect(held).toBeGreaterThanOrEqual(2 * mib);
      expect(held).toBeLessThanOrEqual(3 * mib);
      await (await open()).append(blob, held, inChunks(content.subarray(held)));
      await store.finish(blob);
      expect(digest(await contentOf(store, blob))).toBe(digest(content));
    });
    test('an append of nothing holds what was held', async () => {
      const store = await open();
      const blob = someBlob(10);
      expect(await store.append(blob, 0, inChunks(Buffer.alloc(0)))).toBe(0);
      expect(await store.append(blob, 0, inChunks(Buffer.from('abc')))).toBe(3);
      expect(await store.append(blob, 3, inChunks(Buffer.alloc(0)))).toBe(3);
      expect(await store.held(blob)).toBe(3);
    });
    test('reads any range', async () => {
      const store = await open();
      const content = randomBytes(6 * mib);
      const blob = await stored(store, content);
      for (const [first, last] of [
        [0, 0],
        [10, 19],
        [5 * mib - 1, 5 * mib],
        [content.byteLength - 1, content.byteLength - 1],
      ] as const) {
        const piece = await copied(await store.read(blob.name, first, last));
        expect(piece.equals(content.subarray(first, last + 1))).toBe(true);
      }
    });
    test('what is not finished, or not there, is not readable', async () => {
      const store = await open();
      const blob = someBlob(8 * mib);
      expect(await store.read(blob.name, 0, 0)).toBeNull();
      expect(await store.held(blob)).toBe(0);
      await store.append(blob, 0, inChunks(randomBytes(6 * mib)));
      expect(await store.read(blob.name, 0, 0)).toBeNull();
    });
    test('finishing twice, and from another process, is finishing once', async () => {
      const store = await open();
      const content = randomBytes(6 * mib);
      const blob = await stored(store, content);
      await store.finish(blob);
      await (await open()).finish(blob);
      expect(digest(await contentOf(store, blob))).toBe(digest(content));
    });
    test('what was removed is gone, finished or not, and its name is free', async () => {
      const store = await open();
      const finished = await stored(store, randomBytes(6 * mib));
      const [large, small] = [someBlob(12 * mib), someBlob(100)];
      await store.append(large, 0, inChunks(randomBytes(6 * mib)));
      await store.append(small, 0, inChunks(randomBytes(10)));
      for (const blob of [finished, large, small]) {
        await (await open()).remove(blob.name);
        expect(await store.held(blob)).toBe(0);
        expect(await store.read(blob.name, 0, 0)).toBeNull();
        await store.remove(blob.name);
      }
      const content = randomBytes(12 * mib);
      await store.append(large, 0, inChunks(content));
      await store.finish(large);
      expect(digest(await contentOf(store, large))).toBe(digest(content));
    });
    test('many at once do not disturb each other', async () => {
      const store = await open();
      const contents = Array.from({ length: 8 }, (_, at) => randomBytes(mib + at));
      const blobs = await Promise.all(contents.map((content) => stored(store, content)));
      const read = await Promise.all(blobs.map((blob) => contentOf(store, blob)));
      expect(read.map(digest)).toEqual(contents.map(digest));
    });
    test.each([
      '../../../../etc/passwd',
      '..',
      'a/b/c/d/e/f/g/h/i/j',
      '',
      'x'.repeat(200),
      'nul\0byte-nul\0byte',
    ])('a name that is none leads nowhere: %j', async (trick) => {
      const store = await open();
      const refused = { code: 'bad-input' };
      await expect(store.held({ name: trick, bytes: 1 })).rejects.toMatchObject(refused);
      await expect(
        store.append({ name: trick, bytes: 1 }, 0, inChunks(Buffer.from('x'))),
      ).rejects.toMatchObject(refused);
      await expect(store.finish({ name: trick, bytes: 1 })).rejects.toMatchObject(refused);
      await expect(store.read(trick, 0, 0)).rejects.toMatchObject(refused);
      await expect(store.remove(trick)).rejects.toMatchObject(refused);
    });
  });
}

async function* inChunks(content: Buffer): AsyncIterable<Uint8Array> {
  for (let from = 0; from < content.byteLength; from += 64 * kib)
    yield content.subarray(from, from + 64 * kib);
}

const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
