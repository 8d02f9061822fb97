import { TidingsError } from '@tidings/api/errors';
import { sniff } from '../sniff';
import { asJpeg, drawn, encoded, thumbhashOf } from './canvas';
import { locationOf, withSegment } from './location';
import { moves } from './moving';
import { pictureHead } from './picture-size';
import type { Shaped } from './shaped';

/** Pixels of the longer side of a picture that is sent as one. */
export const longestSide = 2_048;
const quality = 0.8;

/**
 * A picture at most 2,048 pixels wide and high, upright, without what the camera wrote into it. What moves stays as it is. `bad-input` when it
 * can't be decoded, or is of absurd size.
 */
export async function shapePicture(file: Blob, keepLocation: boolean): Promise<Shaped> {
  const head = await pictureHead(file);
  const type = sniff(head.bytes);
  const bitmap = await decode(file);
  try {
    if (moves(type, head.bytes)) return describe(file, type, bitmap);
    const canvas = drawn(bitmap, longestSide);
    const location = keepLocation ? locationOf(head.bytes) : null;
    const bytes = location
      ? withSegment(await asJpeg(canvas, quality), location)
      : await encoded(canvas, quality);
    return describe(bytes, bytes.type, canvas);
  } finally {
    bitmap.close();
  }
}

const describe = (bytes: Blob, mime: string, picture: ImageBitmap | OffscreenCanvas): Shaped => ({
  bytes,
  described: { mime, width: picture.width, height: picture.height, thumbhash: thumbhashOf(picture) },
  preview: bytes,
});

async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (cause) {
    throw new TidingsError('bad-input', 'a picture that can not be decoded', { cause });
  }
}
