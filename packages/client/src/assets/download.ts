import { type Clock, type Random, wait } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { EncryptedFile } from '@tidings/api/media';
import { backoffMs } from '../backoff.ts';
import { decryption } from './cipher.ts';
import { isSameAsset, type MakeAssetHash } from './hashing.ts';
import { fetchRange } from './ranged-fetch.ts';

/** Where the ciphertext of a file that comes is kept, from its beginning on. One writer at a time. */
export interface IncomingFile {
  /** What came in earlier attempts. */
  received(): Promise<Blob>;
  /** Rejects with `storage-full` when there is no room. */
  append(bytes: Uint8Array): Promise<void>;
  /** All of it is here and right. */
  finish(): Promise<void>;
  /** What came isn't what was sent. */
  remove(): Promise<void>;
  /** Stops here; what came stays for the next attempt. */
  close(): Promise<void>;
}

export type DownloadParts = {
  readonly file: EncryptedFile;
  readonly into: IncomingFile;
  /** A link that holds; `renew` when the last one was refused. */
  readonly link: (renew: boolean) => Promise<string>;
  readonly makeHash: MakeAssetHash;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Bytes of ciphertext that are here. */
  readonly progress?: (received: number) => void;
  readonly fetch?: typeof fetch;
};

const attempts = 5;

/**
 * Fetches the ciphertext of a file and checks it: every chunk is authenticated as it comes, and both hashes and the length of the whole before it
 * counts as here (ASSET9). Goes on where it was interrupted. Rejects with `asset-broken` (nothing of it is kept), `not-found`,
 * `storage-full`, or `unavailable` when the line stays broken or `signal` ended it (what came is kept).
 */
export async function download(parts: DownloadParts): Promise<void> {
  const { file, into, clock, random, signal } = parts;
  try {
    const check = await Check.begin(parts);
    for (let attempt = 1; check.received < file.bytes; attempt += 1) {
      const before = check.received;
      const error = await fetchRest(parts, check, attempt > 1).catch((reason: unknown) => reason);
      if (!error) continue;
      if (check.received > before) attempt = 1;
      if (!mayPass(error) || signal.aborted || attempt >= attempts) throw error;
      await wait(clock, backoffMs(attempt, random, error));
      if (signal.aborted) throw interrupted();
    }
    await check.end();
    await into.finish();
  } catch (error) {
    if (error instanceof TidingsError && error.code === 'asset-broken') await into.remove();
    else await into.close();
    throw error;
  }
}

async function fetchRest(
  { file, into, link, signal, progress, fetch }: DownloadParts,
  check: Check,
  again: boolean,
): Promise<void> {
  const range = { first: check.received, last: file.bytes - 1 };
  const body = await fetchRange({ link, range, signal, again, ...(fetch ? { fetch } : {}) });
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw signal.aborted ? interrupted() : new TidingsError('unavailable', 'the line broke', { cause });
      });
      if (done) break;
      await check.add(value);
      await into.append(value);
      progress?.(check.received);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  if (check.received < file.bytes) throw new TidingsError('unavailable', 'the answer was cut off');
}

const interrupted = () => new TidingsError('unavailable', 'the download was interrupted');

const mayPass = (error: unknown): boolean =>
  error instanceof TidingsError && error.retry !== 'never' && error.code !== 'storage-full';

/** Authenticates and hashes what comes, from the first byte on. */
class Check {
  readonly #file: EncryptedFile;
  readonly #hash: Awaited<ReturnType<MakeAssetHash>>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #opened: Promise<void>;
  received = 0;

  private constructor(file: EncryptedFile, hash: Awaited<ReturnType<MakeAssetHash>>) {
    this.#file = file;
    this.#hash = hash;
    const { readable, writable } = decryption(file.key, file.size);
    this.#writer = writable.getWriter();
    this.#writer.closed.catch(() => {});
    // The plaintext is made to authenticate it, and made again when it is wanted.
    this.#opened = readable.pipeTo(new WritableStream());
    this.#opened.catch(() => {});
  }

  /** With what earlier attempts left. */
  static async begin({ file, into, makeHash }: DownloadParts): Promise<Check> {
    const kept = await into.received();
    const check = new Check(file, await makeHash());
    const reader = kept.stream().getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return check;
      await check.add(value);
    }
  }

  async add(bytes: Uint8Array): Promise<void> {
    this.received += bytes.byteLength;
    if (this.received > this.#file.bytes) throw new TidingsError('asset-broken', 'longer than it should be');
    this.#hash.update(bytes);
    await this.#writer.write(bytes).catch(broken);
  }

  async end(): Promise<void> {
    await this.#writer.close().catch(broken);
    await this.#opened.catch(broken);
    const { asset: id, check, bytes } = this.#file;
    if (!isSameAsset(this.#hash.digest(), { id, check, bytes }))
      throw new TidingsError('asset-broken', 'another hash');
  }
}

function broken(cause: unknown): never {
  throw cause instanceof TidingsError ? cause : new TidingsError('asset-broken', undefined, { cause });
}
