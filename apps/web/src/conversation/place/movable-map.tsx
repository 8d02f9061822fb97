'use client';

import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { useWords } from '@/words/words';
import { MapCanvas } from './map-canvas';
import { type MapView, moved, type Point, zoomed } from './mercator';
import styles from './movable-map.module.css';
import { Pin } from './pin';

type MovableMapProps = { readonly view: MapView; onView(view: MapView): void };

const keyStep = 48;
/** Less is a press, not a drag. */
const slackPx = 5;

/** A map under a pin: one moves the map, by dragging, pressing, wheel, pinching or keys, and the pin stays in the middle. */
export function MovableMap({ view, onView }: MovableMapProps) {
  const t = useWords('media.place');
  const frame = useRef<HTMLDivElement>(null);
  const newest = useRef({ view, onView });
  newest.current = { view, onView };
  const pointers = useRef(new Map<number, Point>());
  const way = useRef(0);

  const middleOf = (x: number, y: number): Point => {
    const box = frame.current?.getBoundingClientRect() ?? new DOMRect();
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 };
  };

  // React’s own listener for the wheel may not keep the page from scrolling.
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const around = {
        x: event.clientX - box.left - box.width / 2,
        y: event.clientY - box.top - box.height / 2,
      };
      newest.current.onView(zoomed(newest.current.view, -event.deltaY / 240, around));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    if (pointers.current.size === 0) way.current = 0;
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const [other] = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    pointers.current.set(event.pointerId, now);
    way.current += Math.hypot(now.x - before.x, now.y - before.y);
    if (other) {
      const factor = distance(now, other) / Math.max(1, distance(before, other));
      onView(zoomed(view, Math.log2(factor), middleOf((now.x + other.x) / 2, (now.y + other.y) / 2)));
    } else if (way.current > slackPx) onView(moved(view, { x: before.x - now.x, y: before.y - now.y }));
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const alone = pointers.current.size === 1;
    pointers.current.delete(event.pointerId);
    if (alone && way.current <= slackPx) onView(moved(view, middleOf(event.clientX, event.clientY)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step) onView(moved(view, step));
    else if (event.key === '+' || event.key === '=') onView(zoomed(view, 1));
    else if (event.key === '-') onView(zoomed(view, -1));
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={frame}
      role="application"
      aria-label={t('pick')}
      aria-description={t('pickHint')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move it
      tabIndex={0}
      className={styles.map}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={(event) => pointers.current.delete(event.pointerId)}
      onKeyDown={onKeyDown}
    >
      <MapCanvas view={view} />
      <Pin />
    </div>
  );
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

const steps: Readonly<Record<string, Point>> = {
  ArrowUp: { x: 0, y: -keyStep },
  ArrowDown: { x: 0, y: keyStep },
  ArrowLeft: { x: -keyStep, y: 0 },
  ArrowRight: { x: keyStep, y: 0 },
};
