/** How a picture lies in its frame: `scale` 1 shows all of it; `x`, `y` are pixels that its middle is off the frame's. */
export type Zoom = { readonly scale: number; readonly x: number; readonly y: number };
export type Frame = { readonly width: number; readonly height: number };

export const whole: Zoom = { scale: 1, x: 0, y: 0 };
const mostScale = 8;

/** Larger or smaller; what is at `x`, `y` (from the frame's middle) stays there. */
export function zoomedBy(zoom: Zoom, factor: number, at: { x: number; y: number }, frame: Frame): Zoom {
  const scale = Math.min(mostScale, Math.max(1, zoom.scale * factor));
  const grown = scale / zoom.scale;
  return within({ scale, x: at.x - (at.x - zoom.x) * grown, y: at.y - (at.y - zoom.y) * grown }, frame);
}

export function pushed(zoom: Zoom, by: { x: number; y: number }, frame: Frame): Zoom {
  return within({ ...zoom, x: zoom.x + by.x, y: zoom.y + by.y }, frame);
}

/** Never so far that the frame shows nothing of it. */
function within({ scale, x, y }: Zoom, { width, height }: Frame): Zoom {
  const mostX = ((scale - 1) * width) / 2;
  const mostY = ((scale - 1) * height) / 2;
  const clamp = (value: number, most: number) => Math.min(most, Math.max(-most, value));
  return { scale, x: clamp(x, mostX), y: clamp(y, mostY) };
}
