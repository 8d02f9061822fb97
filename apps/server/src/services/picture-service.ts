import { TidingsError } from '@tidings/api/errors';
import type { PictureId } from '@tidings/api/ids';
import type { PictureStore } from '@tidings/db/picture-store/port';
import pLimit from 'p-limit';
import sharp from 'sharp';

/** Bytes of an image that is taken. */
export const maxPictureBytes = 5 * 1024 * 1024;
/** Pixels of an image that is decoded: a small file may claim to be huge (a decompression bomb). */
const maxPixels = 50_000_000;
const side = 512;
const types = new Set(['jpeg', 'png', 'webp', 'gif', 'heif', 'avif']);

/** Avatars and group icons: whatever comes in is decoded and made anew, so that nothing of the file but its pixels stays. */
export class PictureService {
  readonly #pictures: PictureStore;
  /** Decoding takes tens of megabytes and a thread for each. */
  readonly #oneAtATime = pLimit(2);

  constructor(parts: { readonly pictures: PictureStore }) {
    this.#pictures = parts.pictures;
  }

  /** Cuts the middle square out, turned as the camera held it, 512 × 512 WebP. `bad-input` for what is no picture. */
  async add(bytes: Uint8Array): Promise<PictureId> {
    if (bytes.byteLength > maxPictureBytes) throw new TidingsError('too-large');
    const square = await this.#oneAtATime(() => squareOf(bytes));
    return this.#pictures.put(square);
  }

  get(id: PictureId): Promise<Uint8Array | null> {
    return this.#pictures.get(id);
  }
}

async function squareOf(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    const image = sharp(bytes, {
      limitInputPixels: maxPixels,
      failOn: 'error',
      sequentialRead: true,
      pages: 1,
    });
    const { format } = await image.metadata();
    if (!types.has(format)) throw new TidingsError('bad-input', `a picture of type ${format}`);
    return await image
      .autoOrient()
      .resize(side, side, { fit: 'cover' })
      .webp({ quality: 82 })
      .timeout({ seconds: 10 })
      .toBuffer();
  } catch (error) {
    if (error instanceof TidingsError) throw error;
    throw new TidingsError('bad-input', 'not a picture that can be read', { cause: error });
  }
}
