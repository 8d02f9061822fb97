import {
  defaultRangeExtractor,
  type Range,
  type ReactVirtualizer,
  useVirtualizer,
  type VirtualItem,
  type Virtualizer,
} from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { afterFirstPaint } from '@/shell/after-first-paint';
import { estimateHeight } from './estimate';
import type { Line } from './lines';

export type VirtualLines = ReactVirtualizer<HTMLDivElement, HTMLDivElement>;

/** So near to the end one reads what is newest, and goes with it. */
export const endThreshold = 80;

type Options = {
  readonly lines: readonly Line[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Whether groups show names, for the guess of heights. */
  readonly named: boolean;
  /** Whether new lines at the end are followed by one who stands there. */
  readonly follows: boolean;
  /** The line that has the focus stays, wherever one scrolls: else the focus would be lost. */
  readonly keep: number;
  readonly paddingStart: number;
  readonly onMoved: () => void;
};

/**
 * The lines near the screen, and only those. What one reads keeps its place to the pixel whatever comes or goes around it:
 * before, behind, or by growing.
 */
export function useVirtualLines(options: Options): VirtualLines {
  const { lines, scroller, named, follows, keep, paddingStart, onMoved } = options;
  const guess = useStableGuess(scroller, named);
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guess(lines[index] as Line),
    getItemKey: useCallback((index: number) => lines[index]?.key ?? index, [lines]),
    rangeExtractor: useCallback(
      (range: Range) => withKept(defaultRangeExtractor(range), keep, range.count),
      [keep],
    ),
    anchorTo: 'end',
    followOnAppend: follows,
    scrollEndThreshold: endThreshold,
    overscan: 8,
    paddingStart,
    paddingEnd: 12,
    directDomUpdates: true,
    onChange: onMoved,
  });
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = isAbove;
  useKeepBottom(scroller);
  return virtualizer;
}

/** A guess stays until it is measured, whatever becomes of the line meanwhile: another one would move what is below it. */
function useStableGuess(scroller: RefObject<HTMLDivElement | null>, named: boolean): (line: Line) => number {
  const guesses = useRef(new Map<string, number>());
  return useCallback(
    (line) => {
      const known = guesses.current.get(line.key);
      if (known !== undefined) return known;
      const height = estimateHeight(line, { width: scroller.current?.clientWidth ?? 800, named });
      guesses.current.set(line.key, height);
      return height;
    },
    [scroller, named],
  );
}

/**
 * Whether a line that turns out to be of another height pushes what is on the screen. The library makes an exception for lines that
 * were measured before when one scrolls up; then a line that was edited while it was away would make everything jump.
 */
function isAbove(
  item: VirtualItem,
  _delta: number,
  virtualizer: Virtualizer<HTMLDivElement, HTMLDivElement>,
): boolean {
  const top = virtualizer.scrollOffset ?? 0;
  const measured = virtualizer.itemSizeCache.has(item.key);
  return measured ? item.start + item.size <= top : item.start < top;
}

function withKept(range: number[], keep: number, count: number): number[] {
  if (keep < 0 || keep >= count || range.includes(keep)) return range;
  return [...range, keep].sort((a, b) => a - b);
}

/** See `keep-bottom.ts`: fetched after the first paint, since nothing is resized before. */
function useKeepBottom(scroller: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    let end = () => {};
    let ended = false;
    const begin = ({ keepBottom }: typeof import('./keep-bottom')) => {
      if (!ended && scroller.current) end = keepBottom(scroller.current, endThreshold);
    };
    afterFirstPaint()
      .then(() => import('./keep-bottom'))
      // Without it a resize moves the lines: no reason to show anything.
      .then(begin, () => {});
    return () => {
      ended = true;
      end();
    };
  }, [scroller]);
}
