import type { Reads, Writes } from './core.ts';

/**
 * Runs the operations of the SQLite stores, here or in a thread. Parameters and results are plain JSON.
 *
 * - A write is durable when it answers. Writes that arrive together are one transaction; when that fails, each of them
 *   rejects with `storage-full` or `unavailable`.
 * - A read sees every write that was answered before it was asked for.
 */
export interface Engine {
  read<K extends keyof Reads>(
    operation: K,
    ...parameters: Parameters<Reads[K]>
  ): Promise<ReturnType<Reads[K]>>;
  write<K extends keyof Writes>(
    operation: K,
    ...parameters: Parameters<Writes[K]>
  ): Promise<ReturnType<Writes[K]>>;
  /** Finishes what was asked for, then closes the file. Idempotent; what is asked for afterwards rejects. */
  stop(): Promise<void>;
}
