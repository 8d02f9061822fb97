'use client';

import { type ComponentType, createElement, lazy } from 'react';

type Load<Props> = () => Promise<{ readonly default: ComponentType<Props> }>;

const loads: (() => Promise<unknown>)[] = [];
const renewals = new Set<() => void>();

/**
 * A part of the app whose code is fetched when it is first shown, or ahead of that ({@link fetchParts}). While it comes, the nearest
 * Suspense shows its fallback; where it can't be had, the nearest ErrorBoundary does.
 */
export function part<Props extends object>(load: Load<Props>): ComponentType<Props> {
  const attempt = () =>
    load().catch((error: unknown) => {
      renewals.add(renew);
      throw error;
    });
  let current = lazy(attempt);
  const renew = () => {
    current = lazy(attempt);
  };
  loads.push(load);
  return function Part(props: Props) {
    return createElement<Props>(current as ComponentType<Props>, props);
  };
}

/** React never asks again for what couldn't be fetched once: after this it does, when the part is rendered again. */
export function renewParts(): void {
  for (const renew of renewals) renew();
  renewals.clear();
}

/** Noted among the page's timings when all parts were asked for. */
const fetchedMark = 'tidings-parts-fetched';

/**
 * Fetches all parts, one after the other, each when `idle` resolves: so that they are there when the line isn't. Those that can't be
 * had now are fetched when they are needed.
 */
export async function fetchParts(idle: () => Promise<void>): Promise<void> {
  // Parts bring further parts.
  for (const load of loads) {
    await idle();
    await load().catch(() => {});
  }
  performance.mark(fetchedMark);
}
