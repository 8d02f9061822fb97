'use client';

import { type MouseEvent, type PointerEvent, useEffect, useMemo, useRef } from 'react';

const holdMs = 450;
const slackPx = 10;

export type Point = { readonly x: number; readonly y: number };
/** `null`: from the keyboard, which points nowhere. */
type OnGesture = (at: Point | null, element: HTMLElement) => void;

/**
 * A right click, the menu key, or a finger that rests: what opens the menu of a row. iOS says nothing of a resting finger, so
 * it is timed; Android says it a moment after. The click that follows the release is swallowed.
 */
export function useContextGesture(onGesture: OnGesture) {
  const latest = useRef(onGesture);
  latest.current = onGesture;
  const handlers = useMemo(() => makeHandlers((at, element) => latest.current(at, element)), []);
  useEffect(() => handlers.onPointerCancel, [handlers]);
  return handlers;
}

function makeHandlers(fire: OnGesture) {
  let from: Point | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let fired = false;
  const release = () => {
    clearTimeout(timer);
    from = null;
  };
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      fired = false;
      if (event.pointerType !== 'touch') return;
      const element = event.currentTarget;
      const at = { x: event.clientX, y: event.clientY };
      from = at;
      timer = setTimeout(() => {
        fired = true;
        navigator.vibrate?.(10);
        fire(at, element);
      }, holdMs);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > slackPx) release();
    },
    onPointerUp: release,
    onPointerCancel: release,
    onContextMenu(event: MouseEvent<HTMLElement>) {
      event.preventDefault();
      if (fired) return;
      release();
      fire(event.button === 2 ? { x: event.clientX, y: event.clientY } : null, event.currentTarget);
    },
    onClickCapture(event: MouseEvent<HTMLElement>) {
      if (!fired) return;
      fired = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
