/**
 * Rows kept beside the store that has them, for all processes together. A hint: a row may be gone at any time.
 *
 * A row is given out for at most `maxStaleMs` (each adapter says how long that is) after it was read from the store, whatever is
 * lost, late or racing. Until then {@link RowCache.invalidate} is what keeps it true: nobody is given a row that was read before an
 * invalidation that returned.
 *
 * All of it rejects with `unavailable` when the cache is down: see `guarded.ts` for callers that can't have that.
 */
export interface RowCache {
  /** In the order asked; no key twice. */
  read(keys: readonly string[]): Promise<readonly CacheAnswer[]>;
  /** Keeps rows that were read from the store under the leases that came with the answers. A lease that is over is left out silently. */
  fill(rows: readonly CacheFill[]): Promise<void>;
  /** Called when the store has the change. */
  invalidate(keys: readonly string[]): Promise<void>;
}

/**
 * A row, or what to do without: who gets a lease may fill the cache with what they read from the store from now on. Without one
 * somebody else is about to, or the row has just changed.
 */
export type CacheAnswer = { readonly row: string } | { readonly row: null; readonly lease: string | null };

export type CacheFill = { readonly key: string; readonly row: string; readonly lease: string };
