import { TidingsError } from '@tidings/api/errors';
import { rgbaToThumbHash } from 'thumbhash';

export type Drawable = ImageBitmap | OffscreenCanvas;

/** A picture no larger than `side` on either side, on an opaque ground when `opaque`. */
export function drawn(picture: Drawable, side: number, opaque = false): OffscreenCanvas {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  if (opaque) {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

/** As WebP, or as JPEG in browsers that can't write WebP. */
export async function encoded(canvas: OffscreenCanvas, quality: number): Promise<Blob> {
  const webp = await canvas.convertToBlob({ type: 'image/webp', quality });
  return webp.type === 'image/webp' ? webp : asJpeg(canvas, quality);
}

export const asJpeg = (canvas: OffscreenCanvas, quality: number): Promise<Blob> =>
  drawn(canvas, Number.POSITIVE_INFINITY, true).convertToBlob({ type: 'image/jpeg', quality });

/** ThumbHash takes pictures of at most 100 × 100. */
const thumbSide = 100;

export function thumbhashOf(picture: Drawable): string {
  const small = drawn(picture, thumbSide);
  const { width, height, data } = contextOf(small).getImageData(0, 0, small.width, small.height);
  return btoa(String.fromCharCode(...rgbaToThumbHash(width, height, data)));
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new TidingsError('unavailable', 'no canvas');
  return context;
}
