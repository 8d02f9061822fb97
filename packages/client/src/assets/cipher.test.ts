import { TidingsError } from '@tidings/api/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chunkBytes,
  decryption,
  decryptionOf,
  encryptedSize,
  encryption,
  headerBytes,
  newFileKey,
  rangeOf,
} from './cipher.ts';

const sizes = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: -2, max: 2 }).map((beside) => chunkBytes + beside),
  fc.integer({ min: -2, max: 2 }).map((beside) => 3 * chunkBytes + beside),
  fc.integer({ min: 0, max: 4 * chunkBytes }),
);
const runs = { numRuns: 40 };

describe('ASSET9 the cipher of files', { timeout: 60_000 }, () => {
  test('what was encrypted is decrypted, of any size and in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 100_000 }), async (size, pieceBytes) => {
        const plain = bytesOf(size);
        const key = newFileKey();
        const sealed = await through(plain, pieceBytes, encryption(key));
        expect(sealed.byteLength).toBe(encryptedSize(size));
        expect(Buffer.compare(await through(sealed, pieceBytes, decryption(key, size)), plain)).toBe(0);
      }),
      runs,
    );
  });

  test('any range is decrypted from the chunks that hold it', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (wanted, a, b) => {
        const size = Math.max(1, wanted);
        const [first, last] = [a % size, b % size].sort((x, y) => x - y) as [number, number];
        const plain = bytesOf(size);
        const key = newFileKey();
        const sealed = await through(plain, 50_000, encryption(key));
        const range = rangeOf(size, first, last);
        const part = sealed.subarray(range.first, range.last + 1);
        const opened = await through(part, 10_000, decryptionOf(key, size, range));
        expect(Buffer.compare(opened, plain.subarray(first, last + 1))).toBe(0);
      }),
      runs,
    );
  });

  test('a changed bit anywhere is found', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.integer({ min: 0, max: 7 }), async (size, at, bit) => {
        const { key, sealed } = await sealedFile(size);
        const place = at % sealed.byteLength;
        sealed[place] = (sealed[place] as number) ^ (1 << bit);
        await expectBroken(sealed, key, size);
      }),
      runs,
    );
  });

  test('a file that was cut off or went on is found, also at the end of a chunk', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (size, at) => {
        const { key, sealed } = await sealedFile(size);
        await expectBroken(sealed.subarray(0, at % sealed.byteLength), key, size);
        await expectBroken(new Uint8Array([...sealed, 0]), key, size);
      }),
      runs,
    );
    const size = 3 * chunkBytes;
    const { key, sealed } = await sealedFile(size);
    const end = sealed.byteLength - (chunkBytes + 16);
    await expectBroken(sealed.subarray(0, end), key, size);
    // Even with a message that lies about the size: the chunk at the end wasn't sealed as the last one.
    await expectBroken(sealed.subarray(0, end), key, 2 * chunkBytes);
  });

  test('chunks that changed places are found', async () => {
    const size = 3 * chunkBytes;
    const { key, sealed } = await sealedFile(size);
    const chunk = (index: number) =>
      sealed.slice(headerBytes + index * (chunkBytes + 16), headerBytes + (index + 1) * (chunkBytes + 16));
    const [first, second] = [chunk(0), chunk(1)];
    sealed.set(second, headerBytes);
    sealed.set(first, headerBytes + chunkBytes + 16);
    await expectBroken(sealed, key, size);
  });

  test('another key opens nothing, and what is no key is said to be broken too', async () => {
    const { sealed } = await sealedFile(100);
    await expectBroken(sealed, newFileKey(), 100);
    await expectBroken(sealed, 'no key', 100);
  });

  test('the form is the one that is written down: a file that version 1 made opens', async () => {
    const key = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
    const sealed = Buffer.from('VElESU5HUwEAAQAAYb/blSqTQxzFPJfQ8znsN3xycbYXzx0=', 'base64');
    expect(sealed.subarray(0, headerBytes).toString('latin1')).toBe('TIDINGS\x01\0\x01\0\0');
    expect(Buffer.from(await through(sealed, 5, decryption(key, 7))).toString()).toBe('tidings');
  });
});

const bytesOf = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) % 256);

async function sealedFile(size: number) {
  const key = newFileKey();
  return { key, sealed: await through(bytesOf(size), 65_000, encryption(key)) };
}

async function expectBroken(sealed: Uint8Array, key: string, size: number): Promise<void> {
  const error = await through(sealed, 7_000, decryption(key, size)).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TidingsError);
  expect((error as TidingsError).code).toBe('asset-broken');
}

async function through(
  bytes: Uint8Array,
  pieceBytes: number,
  pair: ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array>,
): Promise<Uint8Array> {
  let at = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.byteLength) return controller.close();
      controller.enqueue(bytes.slice(at, at + pieceBytes));
      at += pieceBytes;
    },
  });
  return new Uint8Array(await new Response(source.pipeThrough(pair)).arrayBuffer());
}
