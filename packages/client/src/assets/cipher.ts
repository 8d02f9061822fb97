import { TidingsError } from '@tidings/api/errors';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { inChunks } from './in-chunks.ts';

/**
 * How a file is encrypted: AES-256-GCM in chunks, after the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), with a random key
 * for each file. Any range can be decrypted without the rest; whatever was changed, swapped, left out or cut off is found.
 *
 *     ciphertext = header ‖ chunk₀ ‖ chunk₁ ‖ … ‖ chunkₙ
 *     header     = "TIDINGS" (7 bytes) ‖ version 1 (1 byte) ‖ bytes of plaintext in a chunk, 65,536 (4 bytes, big-endian)
 *     chunkᵢ     = AES-256-GCM(key, nonceᵢ, plaintextᵢ, additional data: header): the ciphertext, then a tag of 16 bytes
 *     nonceᵢ     = 7 zero bytes ‖ i (4 bytes, big-endian) ‖ 1 for the last chunk, else 0 (1 byte)
 *
 * All chunks but the last hold 65,536 bytes of plaintext; the last holds 1 to 65,536, or none when the file is empty (which has one chunk).
 * Nonces may count from zero since a key encrypts one file only; whoever encrypts another one under it gives both away.
 */
export const chunkBytes = 65_536;
const tagBytes = 16;
const sealedBytes = chunkBytes + tagBytes;
const header = new Uint8Array([...new TextEncoder().encode('TIDINGS'), 1, 0, 1, 0, 0]);
export const headerBytes = header.byteLength;

type Bytes = Uint8Array<ArrayBuffer>;

/** 32 random bytes, base64url: for one file. */
export const newFileKey = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));

/** Bytes of ciphertext for so many of plaintext. */
export const encryptedSize = (size: number): number => headerBytes + size + chunksOf(size) * tagBytes;

const chunksOf = (size: number): number => Math.max(1, Math.ceil(size / chunkBytes));

/** Plaintext in pieces of any size → ciphertext. */
export function encryption(key: string): ReadableWritablePair<Bytes, Uint8Array> {
  const imported = importKey(key, 'encrypt');
  return inChunks(chunkBytes, async (chunk, index, last, enqueue) => {
    if (index === 0) enqueue(header);
    const sealed = await crypto.subtle.encrypt(parameters(index, last), await imported, chunk);
    enqueue(new Uint8Array(sealed));
  });
}

/** Whole ciphertext in pieces of any size → plaintext; fails with `asset-broken` unless it is, to the last byte, what was encrypted. */
export function decryption(key: string, size: number): ReadableWritablePair<Bytes, Uint8Array> {
  const { writable, readable } = withoutHeader();
  return { writable, readable: readable.pipeThrough(decryptionOf(key, size, rangeOf(size, 0, size - 1))) };
}

function withoutHeader(): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0;
  return new TransformStream({
    transform(piece, controller) {
      const head = piece.subarray(0, headerBytes - seen);
      for (const byte of head) if (byte !== header[seen++]) throw broken('another header');
      if (head.byteLength < piece.byteLength) controller.enqueue(piece.subarray(head.byteLength));
    },
  });
}

/** The part of the ciphertext that holds a range of the plaintext: whole chunks. Positions, both ends included. */
export type CipherRange = {
  readonly first: number;
  readonly last: number;
  readonly firstChunk: number;
  /** Bytes of plaintext to leave out at the beginning, and to give. */
  readonly skip: number;
  readonly length: number;
};

/** `first` ≤ `last` < `size`; or, of an empty file, 0 and -1. */
export function rangeOf(size: number, first: number, last: number): CipherRange {
  const firstChunk = Math.floor(first / chunkBytes);
  const lastChunk = Math.max(firstChunk, Math.floor(last / chunkBytes));
  return {
    firstChunk,
    first: headerBytes + firstChunk * sealedBytes,
    last: Math.min(headerBytes + (lastChunk + 1) * sealedBytes, encryptedSize(size)) - 1,
    skip: first - firstChunk * chunkBytes,
    length: last - first + 1,
  };
}

/** The ciphertext of `range` in pieces of any size → its plaintext. Fails with `asset-broken` when it isn't what was encrypted there. */
export function decryptionOf(
  key: string,
  size: number,
  range: CipherRange,
): ReadableWritablePair<Bytes, Uint8Array> {
  const imported = importKey(key, 'decrypt');
  const lastOfFile = chunksOf(size) - 1;
  const wanted = range.last - range.first + 1;
  let { skip, length } = range;
  let taken = 0;
  return inChunks(sealedBytes, async (chunk, index, ended, enqueue) => {
    taken += chunk.byteLength;
    if (taken > wanted || (ended && taken < wanted)) throw broken('another length');
    const at = range.firstChunk + index;
    const opened = await crypto.subtle
      .decrypt(parameters(at, at === lastOfFile), await imported, chunk)
      .catch((cause) => {
        throw broken(`chunk ${at}`, cause);
      });
    const piece = new Uint8Array(opened, Math.min(skip, opened.byteLength)).subarray(0, length);
    skip = 0;
    length -= piece.byteLength;
    if (piece.byteLength > 0) enqueue(piece);
  });
}

function parameters(index: number, last: boolean) {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setUint32(7, index);
  iv[11] = last ? 1 : 0;
  return { name: 'AES-GCM', iv, additionalData: header, tagLength: tagBytes * 8 };
}

async function importKey(key: string, use: 'encrypt' | 'decrypt') {
  try {
    return await crypto.subtle.importKey('raw', fromBase64Url(key), 'AES-GCM', false, [use]);
  } catch (cause) {
    throw broken('no key', cause);
  }
}

const broken = (detail: string, cause?: unknown) => new TidingsError('asset-broken', detail, { cause });
