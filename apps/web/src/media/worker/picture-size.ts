import { TidingsError } from '@tidings/api/errors';
import { imageSize } from 'image-size';

/** Pixels that this app decodes at most: half a gigabyte of memory. Cameras of 200 megapixels deliver 12 or 50 unless told otherwise. */
export const mostPixels = 128 * 1024 * 1024;
/** Cameras write previews and profiles before the size; it comes before so much in all files that were looked at. */
const headBytes = 1024 * 1024;

export type PictureHead = { readonly bytes: Uint8Array; readonly width: number; readonly height: number };

/**
 * A picture's size as its header says it, without decoding it. `bad-input` when it says none, or an absurd one: a few kilobytes can ask for more
 * memory than a device has.
 */
export async function pictureHead(picture: Blob): Promise<PictureHead> {
  const bytes = new Uint8Array(await picture.slice(0, headBytes).arrayBuffer());
  const { width, height } = sizeIn(bytes);
  if (width < 1 || height < 1) throw new TidingsError('bad-input', 'a picture without a size');
  if (width * height > mostPixels) throw new TidingsError('bad-input', `a picture of ${width} × ${height}`);
  return { bytes, width, height };
}

function sizeIn(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  try {
    return imageSize(bytes);
  } catch (cause) {
    throw new TidingsError('bad-input', 'no picture', { cause });
  }
}
