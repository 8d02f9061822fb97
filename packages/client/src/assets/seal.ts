import type { EncryptedFile } from '@tidings/api/media';
import { encryption, newFileKey } from './cipher.ts';
import { hashedBy, type MakeAssetHash } from './hashing.ts';

export type SealParts = {
  readonly makeHash: MakeAssetHash;
  /** Takes the ciphertext. */
  readonly into: WritableStream<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Bytes of plaintext that are done. */
  readonly progress?: (done: number) => void;
};

/** Encrypts a file under a key of its own, streaming. */
export async function seal(
  plain: Blob,
  { makeHash, into, signal, progress }: SealParts,
): Promise<EncryptedFile> {
  const key = newFileKey();
  const hash = await makeHash();
  let done = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      done += piece.byteLength;
      progress?.(done);
      controller.enqueue(piece);
    },
  });
  await plain
    .stream()
    .pipeThrough(counted)
    .pipeThrough(encryption(key))
    .pipeThrough(hashedBy(hash))
    .pipeTo(into, signal ? { signal } : {});
  const { id: asset, check, bytes } = hash.digest();
  return { asset, check, bytes, key, size: plain.size };
}
