import { createHash, randomBytes } from 'node:crypto';
import type { AssetHashes } from '@tidings/api/asset';
import { assetId } from '@tidings/api/ids';

/** Ciphertext as far as a server can tell, and what a device says of it. */
export type SomeAsset = AssetHashes & { readonly content: Buffer<ArrayBuffer> };

export const someAsset = (bytes: number): SomeAsset => assetOf(Buffer.from(randomBytes(bytes)));

export function assetOf(content: Buffer<ArrayBuffer>): SomeAsset {
  const digest = (algorithm: string) => createHash(algorithm).update(content).digest('base64url');
  return { id: assetId(digest('sha256')), check: digest('blake2b512'), bytes: content.byteLength, content };
}

export const hashesOf = ({ id, check, bytes }: AssetHashes): AssetHashes => ({ id, check, bytes });

export async function* once(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield content;
}
