import type { Seq } from '@tidings/api/ids';
import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { Line } from './lines';
import type { VirtualLines } from './use-virtual-lines';

type Sources = {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly lines: readonly Line[];
  readonly virtualizer: RefObject<VirtualLines | null>;
  toEnd(): Promise<boolean>;
  openMenu(line: Line, element: HTMLElement): void;
};

export type Roving = {
  /** The line that has the focus, or had it last; null before. */
  readonly activeKey: string | null;
  /** Gives the focus to a line that one has come to. Keeps its identity. */
  focusSeq(seq: Seq): void;
  readonly attributes: {
    readonly tabIndex: number;
    onFocus(event: FocusEvent<HTMLDivElement>): void;
    onBlur(event: FocusEvent<HTMLDivElement>): void;
    onKeyDown(event: KeyboardEvent<HTMLDivElement>): void;
  };
};

/**
 * One stop for the Tab key, and arrows between the lines. The stop is the pane itself; it hands the focus on to the line where one
 * was last, or the lowest that shows.
 */
export function useRoving({ scroller, lines, virtualizer, toEnd, openMenu }: Sources): Roving {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const [inside, setInside] = useState(false);
  const wanted = useRef<string | null>(null);

  const focusWanted = () => {
    const key = wanted.current;
    const element = key === null ? null : elementOf(scroller.current, key);
    if (!element) return;
    wanted.current = null;
    element.focus({ preventScroll: true });
  };
  // The line that was asked for may come into being with this render.
  useEffect(focusWanted);

  const newest = useRef(lines);
  newest.current = lines;
  const goToLast = () => void toEnd().then(() => goTo(newest.current.length - 1));

  const goTo = (index: number) => {
    const line = newest.current[index];
    if (!line) return;
    wanted.current = line.key;
    setActiveKey(line.key);
    virtualizer.current?.scrollToIndex(index, { align: 'auto' });
    focusWanted();
  };

  const onFocus = (event: FocusEvent<HTMLDivElement>) => {
    setInside(true);
    const key = (event.target as Element).closest<HTMLElement>('[data-line]')?.dataset.line;
    if (key !== undefined) return setActiveKey(key);
    if (event.target !== event.currentTarget) return;
    const shown = shownLines(virtualizer.current);
    const last = lines.findIndex((line) => line.key === activeKey);
    goTo(shown.includes(last) ? last : (shown.at(-1) ?? lines.length - 1));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const at = lines.findIndex((line) => line.key === activeKey);
    const step = steps[event.key];
    if (step !== undefined) goTo(Math.min(lines.length - 1, Math.max(0, at + step)));
    else if (event.key === 'End') goToLast();
    else if (event.key === 'Home') goTo(0);
    else if (event.key === 'PageUp') goTo(pageAway(virtualizer.current, at, -1));
    else if (event.key === 'PageDown') goTo(pageAway(virtualizer.current, at, 1));
    else if (isMenuKey(event) && target.matches('[data-line]') && lines[at]) openMenu(lines[at], target);
    else return;
    event.preventDefault();
  };

  const focusSeq = useCallback((seq: Seq) => {
    const line = newest.current.find((candidate) => candidate.row.seq === seq);
    if (!line) return;
    wanted.current = line.key;
    setActiveKey(line.key);
  }, []);

  return {
    activeKey,
    focusSeq,
    attributes: {
      // While the focus is inside, the pane is no stop: else Shift+Tab could never leave it.
      tabIndex: inside ? -1 : 0,
      onFocus,
      onBlur: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setInside(false);
      },
      onKeyDown,
    },
  };
}

const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

const isMenuKey = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' ||
  event.key === ' ' ||
  event.key === 'ContextMenu' ||
  (event.key === 'F10' && event.shiftKey);

/** The line a screen further. */
function pageAway(virtualizer: VirtualLines | null, from: number, direction: 1 | -1): number {
  if (!virtualizer) return from;
  const item = virtualizer.measurementsCache[from];
  const height = virtualizer.scrollRect?.height ?? 0;
  const there = (item?.start ?? virtualizer.scrollOffset ?? 0) + direction * height * 0.9;
  return virtualizer.getVirtualItemForOffset(Math.max(0, there))?.index ?? from;
}

function shownLines(virtualizer: VirtualLines | null): number[] {
  if (!virtualizer) return [];
  const top = virtualizer.scrollOffset ?? 0;
  const bottom = top + (virtualizer.scrollRect?.height ?? 0);
  return virtualizer
    .getVirtualItems()
    .filter((item) => item.end > top && item.end <= bottom + 1)
    .map((item) => item.index);
}

const elementOf = (scroller: HTMLElement | null, key: string): HTMLElement | null =>
  scroller?.querySelector<HTMLElement>(`[data-line="${CSS.escape(key)}"]`) ?? null;
