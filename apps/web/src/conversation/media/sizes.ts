import type { MessageContent } from '@tidings/api/content';
import type { MediaItem } from '@tidings/api/media';

/** Pixels at the normal text size. */
export type Size = { readonly width: number; readonly height: number };

/** How wide a picture, an album or a map may be, and how high. */
export const mostWidth = 330;
const mostHeight = 400;
const leastWidth = 150;
const leastHeight = 100;
/** Rows of documents, recordings and people. */
const rowHeight = 64;
const mapHeight = 180;
const contactHeight = 105;

export const isVisual = (item: MediaItem): boolean => item.kind === 'image' || item.kind === 'video';

/** How many of an album's pictures have a cell of their own; the last one stands for the rest. */
export const mostCells = 4;

/**
 * The box that a message keeps for what it carries, before and after that is here: nothing moves when it comes. `box` is as wide as it
 * may be and shrinks, keeping its proportion, where the column is narrower; `rows` are pixels below it. `null` for words alone.
 */
export function sizeOf(content: MessageContent): { readonly box: Size | null; readonly rows: number } | null {
  switch (content.type) {
    case 'media': {
      const visuals = content.items.filter(isVisual);
      const rows = content.items.length - visuals.length;
      return { box: boxOf(visuals), rows: rows * rowHeight };
    }
    case 'place':
      return { box: { width: mostWidth, height: mapHeight }, rows: rowHeight };
    case 'contact':
      return { box: null, rows: contactHeight };
    default:
      return null;
  }
}

/** One picture in its own proportion, within limits; several in a grid. */
function boxOf(visuals: readonly MediaItem[]): Size | null {
  const [only] = visuals;
  if (!only) return null;
  if (visuals.length > 1)
    return { width: mostWidth, height: visuals.length === 2 ? mostWidth * 0.62 : mostWidth };
  const { width = 4, height = 3 } = only;
  const scale = Math.min(mostWidth / width, mostHeight / height);
  return {
    width: Math.max(leastWidth, Math.round(width * scale)),
    height: Math.max(leastHeight, Math.round(height * scale)),
  };
}

/** The height in a column of this width. */
export function heightIn(column: number, { box, rows }: NonNullable<ReturnType<typeof sizeOf>>): number {
  if (!box) return rows;
  return Math.round(box.height * Math.min(1, column / box.width)) + rows;
}
