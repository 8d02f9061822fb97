import { expect, test } from 'vitest';
import { pushed, whole, zoomedBy } from './zoom';

const frame = { width: 800, height: 600 };

test('what is under the pointer stays there', () => {
  const pointer = { x: 200, y: -100 };
  const zoom = zoomedBy(whole, 2, pointer, frame);
  expect(zoom).toEqual({ scale: 2, x: -200, y: 100 });
});

test('it is never smaller than the frame, nor beyond measure', () => {
  expect(zoomedBy(whole, 0.2, { x: 50, y: 50 }, frame)).toEqual(whole);
  expect(zoomedBy(whole, 1_000, { x: 0, y: 0 }, frame).scale).toBe(8);
});

test('it can’t be pushed out of the frame', () => {
  const zoom = zoomedBy(whole, 2, { x: 0, y: 0 }, frame);
  expect(pushed(zoom, { x: 5_000, y: -5_000 }, frame)).toEqual({ scale: 2, x: 400, y: -300 });
  expect(pushed(whole, { x: 50, y: 50 }, frame)).toEqual(whole);
});
