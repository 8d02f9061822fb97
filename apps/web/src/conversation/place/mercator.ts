/** Degrees (WGS 84). */
export type Spot = { readonly latitude: number; readonly longitude: number };
/** What a map shows: the spot in its middle, and its scale: the world is `256 · 2^zoom` pixels wide. */
export type MapView = Spot & { readonly zoom: number };
export type Point = { readonly x: number; readonly y: number };

/** Where Web Mercator ends. */
const mostLatitude = 85.05;
export const zooms = { least: 0, most: 17 } as const;

export const worldWidth = (zoom: number): number => 256 * 2 ** zoom;

/** Web Mercator, the world from 0 to 1 in both directions, north on top. */
export function project({ latitude, longitude }: Spot): Point {
  const clamped = Math.min(mostLatitude, Math.max(-mostLatitude, latitude));
  const sine = Math.sin((clamped * Math.PI) / 180);
  return { x: (longitude + 180) / 360, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

export function unproject({ x, y }: Point): Spot {
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * Math.min(1, Math.max(0, y))))) * 180) / Math.PI;
  // Around the world and on.
  return { latitude, longitude: ((((x * 360) % 360) + 360) % 360) - 180 };
}

/** The map moved so that what is `by` pixels away from the middle comes there. */
export function moved(view: MapView, by: Point): MapView {
  const { x, y } = project(view);
  const width = worldWidth(view.zoom);
  return { ...view, ...unproject({ x: x + by.x / width, y: y + by.y / width }) };
}

/** Nearer or farther; what is `around` pixels away from the middle stays there. */
export function zoomed(view: MapView, by: number, around: Point = { x: 0, y: 0 }): MapView {
  const zoom = Math.min(zooms.most, Math.max(zooms.least, view.zoom + by));
  const there = moved(view, around);
  return moved({ ...there, zoom }, { x: -around.x, y: -around.y });
}

/** Metres that a pixel stands for in the middle of the map. */
export const metresPerPixel = ({ latitude, zoom }: MapView): number =>
  (Math.cos((latitude * Math.PI) / 180) * 40_075_017) / worldWidth(zoom);

/** A round length of at most `mostPixels`, for a scale. */
export function scaleBar(
  view: MapView,
  mostPixels: number,
): { readonly metres: number; readonly pixels: number } {
  const perPixel = metresPerPixel(view);
  const most = mostPixels * perPixel;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = power * ([5, 2, 1].find((times) => times * power <= most) ?? 1);
  return { metres, pixels: metres / perPixel };
}

/** `48.20849, 16.37208`: about a metre. */
export const coordinates = ({ latitude, longitude }: Spot): string =>
  `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;

/** Reads what {@link coordinates} writes, and what people paste; `null` for anything else. */
export function parseCoordinates(text: string): Spot | null {
  const match = /^\s*([+-]?\d{1,2}(?:[.]\d+)?)\s*°?\s*[,;\s]\s*([+-]?\d{1,3}(?:[.]\d+)?)\s*°?\s*$/.exec(text);
  if (!match) return null;
  const [latitude, longitude] = [Number(match[1]), Number(match[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
