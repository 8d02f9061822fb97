import { assetId } from '@tidings/api/ids';
import { createBLAKE2b, createSHA256 } from 'hash-wasm';
import { toBase64Url } from './base64url.ts';
import type { MakeAssetHash } from './hashing.ts';

/** For browsers, whose own digests can't stream. Wants `'wasm-unsafe-eval'` in the policy of the worker that it runs in. */
export const wasmAssetHash: MakeAssetHash = async () => {
  const [sha256, blake2b] = await Promise.all([createSHA256(), createBLAKE2b(512)]);
  sha256.init();
  blake2b.init();
  let bytes = 0;
  return {
    update(piece) {
      sha256.update(piece);
      blake2b.update(piece);
      bytes += piece.byteLength;
    },
    digest: () => ({
      id: assetId(toBase64Url(sha256.digest('binary'))),
      check: toBase64Url(blake2b.digest('binary')),
      bytes,
    }),
  };
};
