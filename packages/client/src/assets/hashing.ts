import type { AssetHashes } from '@tidings/api/asset';

/** The two hashes and the length of a ciphertext, as it streams by. */
export interface AssetHash {
  update(bytes: Uint8Array): void;
  /** Of all that came; ends it. */
  digest(): AssetHashes;
}

/** What a platform makes them with: node:crypto, or WebAssembly in a browser (docs/adr/0016-media-on-the-device.md). */
export type MakeAssetHash = () => Promise<AssetHash>;

/** Passes a stream on as it is, and lets `hash` see it. */
export const hashedBy = (hash: AssetHash): TransformStream<Uint8Array, Uint8Array> =>
  new TransformStream({
    transform(piece, controller) {
      hash.update(piece);
      controller.enqueue(piece);
    },
  });

export const isSameAsset = (a: AssetHashes, b: AssetHashes): boolean =>
  a.id === b.id && a.check === b.check && a.bytes === b.bytes;
