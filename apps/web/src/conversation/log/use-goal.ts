import { type Seq, seq } from '@tidings/api/ids';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { MessagesView } from '../../engine/message-window';
import type { Line } from './lines';
import { lineOf, type Opening } from './places';
import { standAt } from './stand-at';
import type { VirtualLines } from './use-virtual-lines';

/** Where the view wants to be. It is reached when the lines are there, which may need the window, or the server, first. */
type Goal =
  | (Opening & { readonly done?: undefined })
  | { readonly type: 'newest'; readonly done: (reached: boolean) => void }
  | { readonly type: 'line'; readonly seq: Seq; readonly done: (reached: boolean) => void };

export type GoalView = {
  /** False until the view stands where it opens: nothing is shown before, so that nothing jumps. */
  readonly placed: boolean;
  /** The line that somebody jumped to, for a moment. */
  readonly flashed: Seq | null;
  /** To the newest line. Resolves when it is there. */
  toEnd(): Promise<boolean>;
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
  const [loaded, setLoaded] = useState<Goal | null>(null);
  const [placed, setPlaced] = useState(false);
  const [flashed, flash] = useFlash();
  const asked = useRef<Goal | null>(null);

  useLayoutEffect(() => {
    if (!goal || !view.ready) return;
    const reached = reach(goal, { view, lines, virtualizer });
    if (!reached && loaded !== goal) return;
    if (reached && goal.type === 'line') flash(goal.seq);
    goal.done?.(reached);
    // What one had not read, or read last, isn't to be had: then what is newest.
    setGoal(!reached && goal.type !== 'end' && !goal.done ? { type: 'end' } : null);
  }, [goal, loaded, view, lines, virtualizer, flash]);

  useEffect(() => {
    if (!goal || !view.ready || asked.current === goal) return;
    asked.current = goal;
    void load(goal, view, lines).then(() => setLoaded(goal));
  }, [goal, view, lines]);

  useEffect(() => {
    if (placed || goal || !view.ready) return;
    const place = opening.type === 'place' ? opening.place : null;
    // The first lines are measured now, and the position is put right with them.
    return standAt(virtualizer, place, () => setPlaced(true));
  }, [placed, goal, view.ready, opening, virtualizer]);

  const toEnd = useCallback(() => new Promise<boolean>((done) => setGoal({ type: 'newest', done })), []);
  const toLine = useCallback(
    (target: Seq) => new Promise<boolean>((done) => setGoal({ type: 'line', seq: target, done })),
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
function load(goal: Goal, view: MessagesView, lines: readonly Line[]): Promise<unknown> {
  const target = targetOf(goal);
  if (target === null) return view.hasNewer ? view.jumpToEnd() : Promise.resolve();
  const first = lines.find((line) => line.row.seq !== null)?.row.seq ?? null;
  const isBetween = first !== null && first <= target && !view.hasNewer;
  return isBetween || lines.some((line) => line.row.seq === target) ? Promise.resolve() : view.jumpTo(target);
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
    case 'newest':
      return null;
  }
}

function reach(goal: Goal, { view, lines, virtualizer }: Omit<Sources, 'opening'>): boolean {
  switch (goal.type) {
    case 'end':
    case 'newest': {
      if (view.hasNewer) return false;
      const smooth = goal.type === 'newest' && isNear(virtualizer);
      virtualizer.scrollToEnd({ behavior: smooth ? gently() : 'auto' });
      return true;
    }
    case 'unread':
    case 'place':
      return scrollTo(virtualizer, lineOf(lines, goal), 'start');
    case 'line':
      return scrollTo(
        virtualizer,
        lines.findIndex((line) => line.row.seq === goal.seq),
        'center',
      );
  }
}

function scrollTo(virtualizer: VirtualLines, index: number, align: 'start' | 'center'): boolean {
  if (index < 0) return false;
  virtualizer.scrollToIndex(index, { align });
  return true;
}

/** Farther than this a smooth scroll would be a blur. */
const isNear = (virtualizer: VirtualLines): boolean =>
  virtualizer.getDistanceFromEnd() < 3 * (virtualizer.scrollRect?.height ?? 0);

const gently = (): ScrollBehavior =>
  matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
