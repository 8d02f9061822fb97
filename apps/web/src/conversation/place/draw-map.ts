import { type MapView, project, worldWidth } from './mercator';
import type { World } from './world';

export type MapInk = {
  readonly land: string;
  readonly border: string;
  readonly grid: string;
  readonly words: string;
  readonly font: string;
};

type Canvas = { readonly context: CanvasRenderingContext2D; readonly width: number; readonly height: number };

/** Draws the part of the world that a view shows, in CSS pixels. The sea is what shines through. */
export function drawMap(canvas: Canvas, world: World, view: MapView, ink: MapInk): void {
  const { context, width, height } = canvas;
  const scale = worldWidth(view.zoom);
  const middle = project(view);
  const left = middle.x * scale - width / 2;
  const top = middle.y * scale - height / 2;
  context.clearRect(0, 0, width, height);
  // The world again on its other side, where the view reaches beyond its edge.
  for (const turn of [-1, 0, 1]) {
    const x = turn * scale - left;
    if (x > width || x + scale < 0) continue;
    context.save();
    context.translate(x, -top);
    context.scale(scale, scale);
    context.fillStyle = ink.land;
    context.fill(world.land, 'evenodd');
    context.lineWidth = 1 / scale;
    context.strokeStyle = ink.border;
    context.stroke(world.borders);
    context.stroke(world.land);
    context.restore();
    drawNames(canvas, world, { x, y: -top, scale }, ink);
  }
  drawGrid(canvas, view, { left, top, scale }, ink);
}

type At = { readonly x: number; readonly y: number; readonly scale: number };

function drawNames({ context, width, height }: Canvas, world: World, at: At, ink: MapInk): void {
  context.font = ink.font;
  context.fillStyle = ink.words;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const country of world.countries) {
    const x = at.x + country.at.x * at.scale;
    const y = at.y + country.at.y * at.scale;
    if (x < -100 || y < -20 || x > width + 100 || y > height + 20) continue;
    const room = country.width * at.scale;
    if (context.measureText(country.name).width < room * 0.85) context.fillText(country.name, x, y);
  }
}

/** Lines of latitude and longitude: near the ground the outline alone would be an empty sheet. */
function drawGrid(
  { context, width, height }: Canvas,
  { zoom }: MapView,
  { left, top, scale }: { left: number; top: number; scale: number },
  ink: MapInk,
): void {
  const step = stepAt(zoom) / 360;
  context.strokeStyle = ink.grid;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = Math.ceil(left / scale / step) * step; x * scale < left + width; x += step) {
    const at = Math.round(x * scale - left) + 0.5;
    context.moveTo(at, 0);
    context.lineTo(at, height);
  }
  for (let y = Math.ceil(top / scale / step) * step; y * scale < top + height; y += step) {
    const at = Math.round(y * scale - top) + 0.5;
    context.moveTo(0, at);
    context.lineTo(width, at);
  }
  context.stroke();
}

/** Degrees between two lines: about 100 pixels. */
function stepAt(zoom: number): number {
  const wanted = (100 / worldWidth(zoom)) * 360;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5, 10].find((times) => times * power >= wanted) ?? 10);
}
