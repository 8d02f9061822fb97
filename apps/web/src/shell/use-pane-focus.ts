'use client';

import { type RefObject, useEffect, useRef, useSyncExternalStore } from 'react';

/** Where one pane fills the screen: as in shell.module.css. */
const phone = '(max-width: 640px)';

/**
 * On a phone the pane that comes gets the focus, since what had it is gone: back in the list, the chat that was open. Answers
 * whether this is a phone.
 */
export function usePaneFocus(
  pane: 'list' | 'detail',
  list: RefObject<HTMLElement | null>,
  detail: RefObject<HTMLElement | null>,
): boolean {
  const narrow = useSyncExternalStore(onChange, isNarrow, () => false);
  const before = useRef(pane);
  const left = useRef<Element | null>(null);
  useEffect(() => {
    if (before.current === pane) return;
    before.current = pane;
    if (!narrow) return;
    if (pane === 'detail') {
      focusUnlessInside(detail.current, detail.current);
    } else {
      const row = left.current?.isConnected ? left.current : list.current;
      focusUnlessInside(list.current, row);
    }
  }, [pane, narrow, list, detail]);
  useEffect(() => {
    const remember = ({ target }: FocusEvent) => {
      if (target instanceof Element && list.current?.contains(target)) left.current = target;
    };
    document.addEventListener('focusin', remember);
    return () => document.removeEventListener('focusin', remember);
  }, [list]);
  return narrow;
}

function focusUnlessInside(pane: HTMLElement | null, target: Element | null): void {
  if (pane?.contains(document.activeElement)) return;
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}

const isNarrow = (): boolean => matchMedia(phone).matches;

function onChange(listener: () => void): () => void {
  const query = matchMedia(phone);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
