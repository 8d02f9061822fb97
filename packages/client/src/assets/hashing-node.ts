import { createHash } from 'node:crypto';
import { assetId } from '@tidings/api/ids';
import type { MakeAssetHash } from './hashing.ts';

export const nodeAssetHash: MakeAssetHash = async () => {
  const sha256 = createHash('sha256');
  const blake2b = createHash('blake2b512');
  let bytes = 0;
  return {
    update(piece) {
      sha256.update(piece);
      blake2b.update(piece);
      bytes += piece.byteLength;
    },
    digest: () => ({ id: assetId(sha256.digest('base64url')), check: blake2b.digest('base64url'), bytes }),
  };
};
