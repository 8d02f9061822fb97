/** Edge of a stored picture, in pixels: large enough for the largest avatar on a dense screen. */
export const pictureEdge = 512;

export type Cut = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** The part of a picture as a small square JPEG, or WebP where the browser can make it. Whatever else the file held is gone. */
export async function cutPicture(source: string, cut: Cut): Promise<Blob> {
  const image = new Image();
  image.src = source;
  await image.decode();
  const edge = Math.min(pictureEdge, Math.round(cut.width));
  const canvas = document.createElement('canvas');
  canvas.width = edge;
  canvas.height = edge;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no canvas');
  // Under what is transparent, since a JPEG would make it black.
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, edge, edge);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, cut.x, cut.y, cut.width, cut.height, 0, 0, edge, edge);
  return (await encode(canvas, 'image/webp')) ?? (await encode(canvas, 'image/jpeg')) ?? never();
}

function encode(canvas: HTMLCanvasElement, type: string): Promise<Blob | null> {
  return new Promise((resolve) => {
    // A browser that can't make a type gives a PNG in its place.
    canvas.toBlob((blob) => resolve(blob?.type === type ? blob : null), type, 0.86);
  });
}

function never(): never {
  throw new Error('this browser can make no JPEG');
}
