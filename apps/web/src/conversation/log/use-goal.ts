import { type Seq, seq } from '@tidings/api/ids';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { MessagesView } from '../../engine/message-window';
import type { Line } from './lines';
import { lineOf, type Opening } from './places';
import type { VirtualLines } from './use-virtual-lines';

/** Where the view wants to be. It is reached when the lines are there, which may need the window, or the server, first. */
type Goal =
  | Opening
  | { readonly type: 'bottom'; readonly smooth: boolean }
  | { readonly type: 'line'; readonly seq: Seq; readonly found: (found: boolean) => void };

export type GoalView = {
  /** False until the view stands where it opens: nothing is shown before, so that nothing jumps. */
  readonly placed: boolean;
  /** The line that somebody jumped to, for a moment. */
  readonly flashed: Seq | null;
  toEnd(): void;
  /** Puts a line in the middle of the screen. False when it isn't to be had. */
  toLine(target: Seq): Promise<boolean>;
};

type Sources = {
  readonly view: MessagesView;
  readonly lines: readonly Line[];
  readonly virtualizer: VirtualLines;
  readonly opening: Opening;
};

/** Goes where the view opens, and later where the user jumps. */
export function useGoal({ view, lines, virtualizer, opening }: Sources): GoalView {
  const [goal, setGoal] = useState<Goal | null>(opening);
  const [placed, setPlaced] = useState(false);
  const [loaded, setLoaded] = useState<Goal | null>(null);
  const asked = useRef<Goal | null>(null);
  const [flashed, flash] = useFlash();

  useLayoutEffect(() => {
    if (!goal || !view.ready) return;
    const reached = reach(goal, { view, lines, virtualizer });
    if (!reached && loaded !== goal) return;
    if (goal.type === 'line') {
      goal.found(reached);
      if (reached) flash(goal.seq);
    }
    setGoal(!reached && goal.type !== 'line' && goal.type !== 'bottom' ? { type: 'end' } : null);
  }, [goal, loaded, view, lines, virtualizer, flash]);

  useEffect(() => {
    if (!goal || !view.ready || asked.current === goal) return;
    asked.current = goal;
    void load(goal, view).then(() => setLoaded(goal));
  }, [goal, view]);

  useEffect(() => {
    if (placed || goal || !view.ready) return;
    // The first lines are measured within this frame, and the position is put right with them.
    const frame = requestAnimationFrame(() => setPlaced(true));
    return () => cancelAnimationFrame(frame);
  }, [placed, goal, view.ready]);

  const toEnd = useCallback(() => setGoal({ type: 'bottom', smooth: true }), []);
  const toLine = useCallback(
    (target: Seq) => new Promise<boolean>((found) => setGoal({ type: 'line', seq: target, found })),
    [],
  );
  return { placed, flashed, toEnd, toLine };
}

const flashMs = 1_800;

function useFlash(): [Seq | null, (target: Seq) => void] {
  const [flashed, setFlashed] = useState<Seq | null>(null);
  useEffect(() => {
    if (flashed === null) return;
    const timer = setTimeout(() => setFlashed(null), flashMs);
    return () => clearTimeout(timer);
  }, [flashed]);
  return [flashed, setFlashed];
}

/** Brings the lines of a goal into the window when they aren't there. */
function load(goal: Goal, view: MessagesView): Promise<unknown> {
  const target = targetOf(goal);
  if (target === null) return view.hasNewer ? view.jumpToEnd() : Promise.resolve();
  const first = view.rows.find((row) => row.seq !== null)?.seq ?? null;
  const isHere =
    view.rows.some((row) => row.seq === target) || (first !== null && first <= target && !view.hasNewer);
  return isHere ? Promise.resolve() : view.jumpTo(target);
}

function targetOf(goal: Goal): Seq | null {
  switch (goal.type) {
    case 'unread':
      return seq(goal.after + 1);
    case 'place':
      return goal.place.seq;
    case 'line':
      return goal.seq;
    case 'end':
    case 'bottom':
      return null;
  }
}

function reach(goal: Goal, { view, lines, virtualizer }: Omit<Sources, 'opening'>): boolean {
  switch (goal.type) {
    case 'end':
    case 'bottom':
      if (view.hasNewer) return false;
      virtualizer.scrollToEnd({
        behavior: goal.type === 'bottom' && goal.smooth && isNear(virtualizer) ? gently() : 'auto',
      });
      return true;
    case 'unread':
    case 'place': {
      const index = lineOf(lines, goal);
      if (index < 0) return false;
      const [offset] = virtualizer.getOffsetForIndex(index, 'start') ?? [0];
      if (goal.type === 'place') virtualizer.scrollToOffset(offset + goal.place.above);
      else virtualizer.scrollToIndex(index, { align: 'start' });
      return true;
    }
    case 'line': {
      const index = lines.findIndex((line) => line.row.seq === goal.seq);
      if (index < 0) return false;
      virtualizer.scrollToIndex(index, { align: 'center' });
      return true;
    }
  }
}

/** Farther than this a smooth scroll would be a blur. */
const isNear = (virtualizer: VirtualLines): boolean =>
  virtualizer.getDistanceFromEnd() < 3 * (virtualizer.scrollRect?.height ?? 0);

const gently = (): ScrollBehavior =>
  matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
