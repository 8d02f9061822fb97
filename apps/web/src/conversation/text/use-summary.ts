'use client';

import type { MessageContent } from '@tidings/api/content';
import { useSyncExternalStore } from 'react';
import { useLocale } from 'use-intl/react';
import { useWords } from '@/words/words';
import { preview } from './shorten';

type Summaries = typeof import('../media/summary');

/** What speaks of things that aren't words comes with the first of them. */
let summaries: Summaries | null = null;
let loading: Promise<Summaries> | null = null;
const listeners = new Set<() => void>();

export function loadSummaries(): Promise<Summaries> {
  loading ??= import('../media/summary').then(
    (module) => {
      summaries = module;
      for (const listener of [...listeners]) listener();
      return module;
    },
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

export type Summary = { readonly kind: string; readonly text: string };

/**
 * A message in one line. `kind` says what it carries ("Photo", "Voice message (0:12)", a file's name), and is empty for words alone; `text` is
 * what is written. Until the words for the kinds are here (a moment, once per page) an ellipsis stands for them.
 */
export function useSummary(content: MessageContent | null, most: number): Summary {
  const t = useWords('conversation');
  const locale = useLocale();
  const carries = content !== null && content.type !== 'text' && content.type !== 'unknown';
  const loaded = useSyncExternalStore(carries ? whenLoaded : never, getLoaded, none);
  if (!content) return { kind: '', text: '' };
  if (content.type === 'unknown') return { kind: '', text: content.fallback || t('notSupported') };
  const kind = carries ? (loaded?.kindOf(content, locale) ?? unnamed) : '';
  return { kind, text: preview(content.text, most) };
}

/** What stands for a kind until there are words for it. */
export const unnamed = '…';

/** In one string. */
export const inOne = ({ kind, text }: Summary): string => (kind && text ? `${kind}: ${text}` : kind || text);

const getLoaded = (): Summaries | null => summaries;
const none = () => null;
const never = () => () => {};

function whenLoaded(listener: () => void): () => void {
  listeners.add(listener);
  // Without a line the ellipsis stays; whoever shows the next one tries again.
  loadSummaries().catch(() => {});
  return () => listeners.delete(listener);
}
