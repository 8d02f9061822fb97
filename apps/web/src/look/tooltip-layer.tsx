'use client';

import { Suspense, useEffect, useState } from 'react';
import { part } from './part';

const TooltipPopup = part(() => import('./tooltip-popup'));

/** How long a pointer rests on a control before its tooltip shows. */
const restMs = 500;

/**
 * Shows the tooltip of whatever has a `data-tip`, when a pointer rests on it or the keyboard focuses it. One for all of them,
 * since a list has hundreds. Stands once, near the root.
 */
export function TooltipLayer() {
  const [target, setTarget] = useState<Element | null>(null);
  const [loaded, setLoaded] = useState(false);
  useEffect(
    () =>
      followTips((next) => {
        if (next) setLoaded(true);
        setTarget(next);
      }),
    [],
  );
  if (!loaded) return null;
  return (
    <Suspense>
      <TooltipPopup target={target} onClose={() => setTarget(null)} />
    </Suspense>
  );
}

/** Calls `show` with the control whose tooltip is due, and with null when none is. */
function followTips(show: (target: Element | null) => void): () => void {
  const ends = new AbortController();
  const options = { signal: ends.signal, capture: true, passive: true };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hide = () => {
    clearTimeout(timer);
    show(null);
  };
  const rest = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return;
    const target = tipAt(event);
    clearTimeout(timer);
    if (target) timer = setTimeout(() => target.isConnected && show(target), restMs);
    else show(null);
  };
  const focus = (event: FocusEvent) => {
    const target = tipAt(event);
    if (target?.matches(':focus-visible')) show(target);
    else hide();
  };
  document.addEventListener('pointerover', rest, options);
  document.addEventListener('focusin', focus, options);
  document.addEventListener('focusout', hide, options);
  document.addEventListener('pointerdown', hide, options);
  document.addEventListener('scroll', hide, options);
  document.addEventListener('keydown', (event) => event.key === 'Escape' && hide(), options);
  return () => {
    clearTimeout(timer);
    ends.abort();
  };
}

const tipAt = (event: Event): Element | null =>
  event.target instanceof Element ? event.target.closest('[data-tip]') : null;
