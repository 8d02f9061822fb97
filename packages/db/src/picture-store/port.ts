import type { PictureId } from '@tidings/api/ids';

/** Small public pictures (avatars, group icons), named by the SHA-256 of their bytes. Durable when `put` answers. */
export interface PictureStore {
  put(bytes: Uint8Array): Promise<PictureId>;
  /** `null` when there is no such picture. */
  get(id: PictureId): Promise<Uint8Array | null>;
}
