import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { type Point, project, type Spot } from './mercator';

/**
 * The world's outline (Natural Earth, 1:50 million, public domain), brought along with the app: no map server hears where somebody is.
 * Fetched with the first map that is shown.
 */
export type World = {
  /** In units of the world's width. */
  readonly land: Path2D;
  readonly borders: Path2D;
  readonly countries: readonly Country[];
};

export type Country = {
  readonly name: string;
  /** Where its name stands, and how wide its largest part is, in units of the world's width. */
  readonly at: Point;
  readonly width: number;
};

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }>;

let loading: Promise<World> | null = null;

export function loadWorld(): Promise<World> {
  loading ??= import('world-atlas/countries-50m.json').then(
    (module) => worldOf((module.default ?? module) as unknown as Atlas),
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

function worldOf(atlas: Atlas): World {
  const { countries, land } = atlas.objects;
  const shapes = feature(atlas, land);
  const lines = mesh(atlas, countries, (a, b) => a !== b);
  return {
    land: pathOf(ringsOf(shapes.features.map(({ geometry }) => geometry))),
    borders: pathOf(lines.coordinates),
    countries: feature(atlas, countries).features.flatMap(({ geometry, properties }) => {
      const largest = largestOf(ringsOf([geometry]));
      return largest ? [{ name: properties.name, ...largest }] : [];
    }),
  };
}

type Ring = readonly (readonly number[])[];

function ringsOf(geometries: readonly GeoJSON.Geometry[]): readonly Ring[] {
  return geometries.flatMap((geometry) => {
    if (geometry.type === 'Polygon') return geometry.coordinates;
    return geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : [];
  });
}

function pathOf(lines: readonly Ring[]): Path2D {
  const path = new Path2D();
  for (const line of lines) {
    for (const [index, position] of line.entries()) {
      const { x, y } = project(spotOf(position));
      if (index === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
  }
  return path;
}

function largestOf(rings: readonly Ring[]): Pick<Country, 'at' | 'width'> | null {
  let best: (Pick<Country, 'at' | 'width'> & { area: number }) | null = null;
  for (const ring of rings) {
    const points = ring.map((position) => project(spotOf(position)));
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const area = (right - left) * (bottom - top);
    if (best && best.area >= area) continue;
    best = { area, width: right - left, at: { x: (left + right) / 2, y: (top + bottom) / 2 } };
  }
  return best;
}

const spotOf = ([longitude = 0, latitude = 0]: readonly number[]): Spot => ({ latitude, longitude });
