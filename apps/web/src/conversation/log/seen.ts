import type { Seq } from '@tidings/api/ids';
import type { Line } from './lines';

/** Where a line stands, in the coordinates of the scrolled content. */
export type Extent = { readonly index: number; readonly start: number; readonly end: number };

/** The part of the content that is on the screen. */
export type Pane = { readonly top: number; readonly bottom: number };

/** So much of a tall message must be on the screen for it to count as seen, in pixels. */
const enoughToSee = 120;

/** The highest position that was on the screen (MARK3): its end, or a good part of one that is taller than the screen. */
export function lastSeen(lines: readonly Line[], extents: readonly Extent[], pane: Pane): Seq | null {
  for (let at = extents.length - 1; at >= 0; at -= 1) {
    const extent = extents[at] as Extent;
    const seq = lines[extent.index]?.row.seq;
    if (seq === null || seq === undefined || extent.end <= pane.top) continue;
    const visible = Math.min(extent.end, pane.bottom) - Math.max(extent.start, pane.top);
    if (extent.end <= pane.bottom + 1 || visible >= enoughToSee) return seq;
  }
  return null;
}

/** The first line that shows, and how much of it is above the edge: the place to come back to. */
export function firstShown(extents: readonly Extent[], pane: Pane): { index: number; above: number } | null {
  const extent = extents.find((candidate) => candidate.end > pane.top);
  return extent ? { index: extent.index, above: pane.top - extent.start } : null;
}

/** How many lines before either end of the window the next page is asked for. */
const ahead = 20;

export const nearsTop = (firstIndex: number): boolean => firstIndex < ahead;
export const nearsEnd = (lastIndex: number, count: number): boolean => lastIndex >= count - ahead;
