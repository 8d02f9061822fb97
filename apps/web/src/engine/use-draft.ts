'use client';

import { type Draft, isDraft } from '@tidings/api/content';
import type { ConversationId } from '@tidings/api/ids';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useEngine, useLive } from './hooks';

export type DraftView = {
  /** `undefined` until it was read; `null` when there is none. May come from another device while nothing is typed here. */
  readonly draft: Draft | null | undefined;
  /** Keeps what is being written: in the local store within half a second, and at once when the view goes away. */
  save(draft: Omit<Draft, 'at'> | null): void;
};

const saveAfterMs = 500;

export function useDraft(conversation: ConversationId): DraftView {
  const engine = useEngine();
  const key = `draft:${conversation}`;
  const value = useLive(key, async (reads) => (await reads.items([key]))[0] ?? null);
  const draft = useMemo(() => (value === undefined ? undefined : isDraft(value) ? value : null), [value]);
  const pending = useRef<{ value: Draft | null; timer: ReturnType<typeof setTimeout> } | null>(null);

  const flush = useCallback(() => {
    const waiting = pending.current;
    if (!waiting) return;
    pending.current = null;
    clearTimeout(waiting.timer);
    // A draft that a full device can't keep is still in the composer: nothing to tell that `trouble` doesn't.
    void engine.putItems([{ key, value: waiting.value }]).catch(() => {});
  }, [engine, key]);

  const save = useCallback(
    (next: Omit<Draft, 'at'> | null) => {
      clearTimeout(pending.current?.timer);
      const empty = next === null || (next.text === '' && !next.replyTo && next.editing === undefined);
      pending.current = {
        value: empty ? null : { ...next, at: Date.now() },
        timer: setTimeout(flush, saveAfterMs),
      };
      if (empty) flush();
    },
    [flush],
  );

  useEffect(() => {
    addEventListener('pagehide', flush);
    return () => {
      removeEventListener('pagehide', flush);
      flush();
    };
  }, [flush]);

  return { draft, save };
}
