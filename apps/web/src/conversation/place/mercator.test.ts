import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { coordinates, moved, parseCoordinates, project, scaleBar, unproject, zoomed } from './mercator';

const vienna = { latitude: 48.20849, longitude: 16.37208 };

test('a spot comes back from the map where it was', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -85, max: 85, noNaN: true }),
      fc.double({ min: -179.9, max: 179.9, noNaN: true }),
      (latitude, longitude) => {
        const back = unproject(project({ latitude, longitude }));
        expect(back.latitude).toBeCloseTo(latitude, 6);
        expect(back.longitude).toBeCloseTo(longitude, 6);
      },
    ),
  );
});

test('zooming keeps what is under the pointer', () => {
  const view = { ...vienna, zoom: 5 };
  const pointer = { x: 120, y: -80 };
  const before = moved(view, pointer);
  const after = moved(zoomed(view, 1.5, pointer), pointer);
  expect(after.latitude).toBeCloseTo(before.latitude, 6);
  expect(after.longitude).toBeCloseTo(before.longitude, 6);
});

test('who moves on and on comes around the world, never beyond the poles', () => {
  const east = moved({ latitude: 0, longitude: 179, zoom: 0 }, { x: 256 / 180, y: 0 });
  expect(east.longitude).toBeCloseTo(-179, 6);
  expect(moved({ ...vienna, zoom: 0 }, { x: 0, y: -5_000 }).latitude).toBeLessThan(86);
});

test('a scale is a round length that fits', () => {
  const { metres, pixels } = scaleBar({ ...vienna, zoom: 12 }, 100);
  expect(metres).toBe(2_000);
  expect(pixels).toBeLessThanOrEqual(100);
});

test.each([
  ['48.20849, 16.37208', vienna],
  [' 48.20849 16.37208 ', vienna],
  ['48.20849°; 16.37208°', vienna],
  ['-90,180', { latitude: -90, longitude: 180 }],
])('%j names a spot', (text, spot) => expect(parseCoordinates(text)).toEqual(spot));

test.each(['', 'Vienna', '91, 0', '0, 181', '48.2', '1, 2, 3'])('%j names none', (text) =>
  expect(parseCoordinates(text)).toBeNull(),
);

test('what is written is read again', () => {
  expect(parseCoordinates(coordinates(vienna))).toEqual(vienna);
});
