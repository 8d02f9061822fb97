'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useErrorText } from '@/words/error-text';

export type PageOf<T, C> = { readonly items: readonly T[]; readonly next: C | null };
export type Pages<T> = {
  /** `undefined` until the first page is here. */
  readonly items: readonly T[] | undefined;
  readonly hasMore: boolean;
  readonly busy: boolean;
  /** Why the last attempt came to nothing. */
  readonly problem: string | null;
  more(): void;
  /** From the beginning; what is shown stays until that is here. */
  reload(): Promise<void>;
};

/** A list that comes page by page. Another `load` begins it anew; what an older one answers later is dropped. */
export function usePages<T, C>(load: (after: C | null) => Promise<PageOf<T, C>>): Pages<T> {
  const errorText = useErrorText();
  const run = useRef(0);
  const [shown, setShown] = useState<PageOf<T, C>>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const fetchPage = useCallback(
    async (before: PageOf<T, C> | null) => {
      run.current += 1;
      const own = run.current;
      setBusy(true);
      try {
        const page = await load(before?.next ?? null);
        if (own !== run.current) return;
        setShown({ items: [...(before?.items ?? []), ...page.items], next: page.next });
        setProblem(null);
      } catch (error) {
        if (own === run.current) setProblem(errorText(error));
      } finally {
        if (own === run.current) setBusy(false);
      }
    },
    [load, errorText],
  );
  const reload = useCallback(() => fetchPage(null), [fetchPage]);
  useEffect(() => void reload(), [reload]);
  return {
    items: shown?.items,
    hasMore: shown !== undefined && shown.next !== null,
    busy,
    problem,
    more: () => void fetchPage(shown ?? null),
    reload,
  };
}
