'use client';

import { Suspense } from 'react';
import { part } from '../../look/part';

const LinkedText = part(() => import('./linked-text'));

type LinkedProps = { readonly children: string; readonly tabIndex?: number };

/** Text with its addresses made clickable. What finds them comes with the first text that seems to hold one. */
export function Linked({ children, tabIndex }: LinkedProps) {
  if (!mayHoldLink(children)) return children;
  return (
    <Suspense fallback={children}>
      <LinkedText tabIndex={tabIndex}>{children}</LinkedText>
    </Suspense>
  );
}

/** A dot between letters, a scheme, or an @ within a word: every address has one of them. */
const trace = /:\/\/|\p{L}@|[\p{L}\p{N}]\.\p{L}{2}|@[\p{L}\p{N}]/u;

export const mayHoldLink = (text: string): boolean => trace.test(text);
