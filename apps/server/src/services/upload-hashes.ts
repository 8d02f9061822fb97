import { createHash, type Hash } from 'node:crypto';

/** The two hashes that name an asset and guard the name: see `assetHashesSchema`. Both of the same bytes, as they come. */
export class UploadHashes {
  readonly #id: Hash = createHash('sha256');
  readonly #check: Hash = createHash('blake2b512');
  /** Bytes that were hashed. */
  bytes = 0;

  update(chunk: Uint8Array): void {
    this.#id.update(chunk);
    this.#check.update(chunk);
    this.bytes += chunk.byteLength;
  }

  /** Base64url. Nothing can be added afterwards. */
  digest(): { readonly id: string; readonly check: string } {
    return { id: this.#id.digest('base64url'), check: this.#check.digest('base64url') };
  }
}
