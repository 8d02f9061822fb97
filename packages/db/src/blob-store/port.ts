import { TidingsError } from '@tidings/api/errors';

/**
 * Bytes under names: what an asset is made of. A blob is appended to until it has the length that was said of it, is finished, and never
 * changes again. One caller at a time appends to a blob (see `UploadLocks`); everything else may happen at any time.
 *
 * - **Durable**: bytes that `append` or `held` counted, and a blob that was finished, survive the loss of the process and of the
 *   machine's power.
 * - **Streamed**: memory doesn't grow with a blob's length, and a source is read no faster than it is stored.
 * - Full: `storage-full`; anything else that is down: `unavailable`; then what is held is found out by asking, and appending goes on
 *   from there.
 */
export interface BlobStore {
  /** How many bytes of it are stored, from the first; 0 for one that isn't there. */
  held(blob: Blob): Promise<number>;
  /** Appends at `offset`, which is what `held` answers, until the source ends; answers what is held then. */
  append(blob: Blob, offset: number, chunks: AsyncIterable<Uint8Array>): Promise<number>;
  /** Makes a blob readable that is held whole. Idempotent. */
  finish(blob: Blob): Promise<void>;
  /** Of a finished blob, the bytes first..last, both included; `null` when it isn't there. */
  read(name: string, first: number, last: number): Promise<Content | null>;
  /** Finished or not, it is gone, whole. Idempotent. */
  remove(name: string): Promise<void>;
}

/**
 * Bytes in pieces. A piece is valid until the next one is asked for, since its memory is used again then: copy what is kept. Whoever has it
 * begins to read it, and leaving the loop closes it.
 */
export type Content = AsyncIterable<Uint8Array>;

/** A blob's name, 16 to 64 characters `[A-Za-z0-9_-]`, and the length that it will have, at least 1. */
export type Blob = { readonly name: string; readonly bytes: number };

/** Names become parts of paths: what is none stops here. */
export function checkedName(name: string): string {
  if (!/^[A-Za-z0-9_-]{16,64}$/.test(name)) throw new TidingsError('bad-input', 'not the name of a blob');
  return name;
}
