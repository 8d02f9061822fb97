'use client';

import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { pushed, whole, type Zoom, zoomedBy } from './zoom';

type Point = { readonly x: number; readonly y: number };
type Swipes = { onSwipe(direction: 1 | -1): void; onSwipeDown(): void };

/** So far a finger has to go. */
const swipePx = 56;
const pressScale = 2.5;

/** Zooming by wheel, pinch and double press, moving what is zoomed, and swipes while all of it shows. */
export function useZoom(frame: RefObject<HTMLElement | null>, swipes: Swipes) {
  const [zoom, setZoom] = useState<Zoom>(whole);
  const [moving, setMoving] = useState(false);
  const pointers = useRef(new Map<number, Point>());
  const began = useRef<Point | null>(null);

  const size = () => {
    const { width = 1, height = 1 } = frame.current?.getBoundingClientRect() ?? {};
    return { width, height };
  };
  const fromMiddle = ({ x, y }: Point): Point => {
    const box = frame.current?.getBoundingClientRect() ?? new DOMRect();
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 };
  };
  const by = (factor: number, at: Point = { x: 0, y: 0 }) =>
    setZoom((before) => zoomedBy(before, factor, at, size()));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the functions only read the frame
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      by(2 ** (-event.deltaY / 300), fromMiddle({ x: event.clientX, y: event.clientY }));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [frame]);

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = { x: event.clientX, y: event.clientY };
    began.current = pointers.current.size === 0 ? point : null;
    pointers.current.set(event.pointerId, point);
    setMoving(true);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const [other] = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    pointers.current.set(event.pointerId, now);
    if (other) {
      by(distance(now, other) / Math.max(1, distance(before, other)), fromMiddle(between(now, other)));
    } else setZoom((zoom) => pushed(zoom, { x: now.x - before.x, y: now.y - before.y }, size()));
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const from = began.current;
    pointers.current.delete(event.pointerId);
    if (pointers.current.size > 0) return;
    setMoving(false);
    began.current = null;
    if (!from || zoom.scale > 1 || event.type === 'pointercancel') return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (Math.abs(x) > swipePx && Math.abs(x) > Math.abs(y)) swipes.onSwipe(x < 0 ? 1 : -1);
    else if (y > swipePx * 1.5 && y > Math.abs(x)) swipes.onSwipeDown();
  };
  return {
    zoom,
    moving,
    larger: () => by(1.5),
    smaller: () => by(1 / 1.5),
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: onPointerUp,
      onDoubleClick: (event: { clientX: number; clientY: number }) =>
        zoom.scale > 1 ? setZoom(whole) : by(pressScale, fromMiddle({ x: event.clientX, y: event.clientY })),
    },
  };
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
