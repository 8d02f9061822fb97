'use client';

import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useFormats } from '@/words/words';
import { subscribeAppearance } from '../../look/appearance';
import { drawMap } from './draw-map';
import styles from './map-canvas.module.css';
import { type MapView, scaleBar } from './mercator';
import { loadWorld, type World } from './world';

/** The world as far as `view` shows it, in the colours of the theme, with a scale. Draws nothing that came from elsewhere. */
export function MapCanvas({ view }: { readonly view: MapView }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const world = useWorld();
  const theme = useTheme();
  const size = useSize(canvas);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !world || !size) return;
    const dense = Math.min(2, devicePixelRatio || 1);
    element.width = Math.round(size.width * dense);
    element.height = Math.round(size.height * dense);
    context.setTransform(dense, 0, 0, dense, 0, 0);
    const look = getComputedStyle(element);
    drawMap({ context, ...size }, world, view, {
      land: look.color,
      border: look.borderTopColor,
      grid: look.outlineColor,
      words: look.textDecorationColor,
      font: `12px ${look.fontFamily}`,
    });
  }, [world, view, theme, size]);
  return (
    <>
      <canvas ref={canvas} className={styles.canvas} />
      <Scale view={view} />
    </>
  );
}

function Scale({ view }: { readonly view: MapView }) {
  const format = useFormats();
  const { metres, pixels } = scaleBar(view, 90);
  const [unit, length] =
    metres < 1_000 ? (['meter', metres] as const) : (['kilometer', metres / 1_000] as const);
  return (
    <span className={styles.scale} style={{ width: pixels }} aria-hidden="true">
      {format.number(length, { style: 'unit', unit })}
    </span>
  );
}

function useWorld(): World | null {
  const [world, setWorld] = useState<World | null>(null);
  useEffect(() => {
    let wanted = true;
    // Offline, before it was ever here: the pin stands on an empty sheet, and the coordinates below it are right.
    loadWorld().then(
      (loaded) => wanted && setWorld(loaded),
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, []);
  return world;
}

function useSize(element: { readonly current: HTMLElement | null }) {
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      setSize({ width, height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

const dark = '(prefers-color-scheme: dark)';

function useTheme(): string {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(dark);
      query.addEventListener('change', listener);
      const end = subscribeAppearance(listener);
      return () => {
        query.removeEventListener('change', listener);
        end();
      };
    },
    () => document.documentElement.dataset.theme ?? String(matchMedia(dark).matches),
    () => '',
  );
}
