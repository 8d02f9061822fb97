import type { AssetHashes } from '@tidings/api/asset';
import type { Clock, MakeId } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { UserId } from '@tidings/api/ids';
import type { Locks } from '@tidings/bus/lock/port';
import type { Blob, BlobStore } from '@tidings/db/blob-store/port';
import type { AssetDirectory, UploadDirectory, UploadRecord } from '@tidings/db/directory/port';
import { LRUCache } from 'lru-cache';
import { claimMs } from './asset-service.ts';
import { UploadHashes } from './upload-hashes.ts';

/** Uploads of one asset by one user at a time: several of their devices may be at it. */
const maxUnderWay = 5;

export type UploadServiceParts = {
  readonly assets: AssetDirectory;
  readonly uploads: UploadDirectory;
  readonly locks: Locks;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly makeId: MakeId;
};

/** How far an upload is. `offset` is the whole when the asset is there, whoever brought it. */
export type UploadState = { readonly id: string; readonly offset: number; readonly bytes: number };

/**
 * Bringing assets (ASSET2, ASSET3, ASSET7). An upload is a row and a blob of the same name; it is appended to under a lock of that name,
 * by any process. The one that has seen all of it come hashes it on the way; otherwise it is read again when it is whole.
 */
export class UploadService {
  /** Since the start. */
  readonly counts = { begun: 0, finished: 0, broken: 0, interrupted: 0 };
  bytesReceived = 0;
  readonly #parts: UploadServiceParts;
  readonly #hashes = new LRUCache<string, UploadHashes>({ max: 1_000 });

  constructor(parts: UploadServiceParts) {
    this.#parts = parts;
  }

  /** @throws TidingsError `asset-missing` when the user doesn't claim it (any more); `bad-input` when the claim is of something else. */
  async begin(user: UserId, { id: asset, check, bytes }: AssetHashes): Promise<UploadState> {
    const { assets, uploads, clock, makeId } = this.#parts;
    const [claim] = await assets.claimsOf(user, [asset], clock.now());
    if (!claim) throw new TidingsError('asset-missing', 'it was not offered');
    if (claim.check !== check || claim.bytes !== bytes)
      throw new TidingsError('bad-input', 'not what was offered');
    const underWay = await uploads.underWay(user, asset);
    for (const { id } of underWay.slice(0, Math.max(0, underWay.length + 1 - maxUnderWay)))
      await this.remove(user, id);
    const id = makeId();
    await uploads.create({ id, asset, user, check, bytes, hasBlob: true, touchedAt: clock.now() });
    this.counts.begun += 1;
    return { id, offset: 0, bytes };
  }

  /** Whoever is at it, over a line that may be dead, lets go first: what they brought counts. */
  async state(user: UserId, id: string): Promise<UploadState> {
    await this.#find(user, id);
    return this.#locked(id, async () => {
      const upload = await this.#find(user, id);
      return { id, offset: await this.#offsetOf(upload), bytes: upload.bytes };
    });
  }

  /**
   * Appends what the source gives. Ends early when the source fails, or somebody else wants to go on with it; what came is kept.
   * @throws TidingsError `conflict` at another offset than it has, or when it ended early; `too-large` beyond its length; `asset-broken`
   *   when it is whole and not what it was said to be: then it is removed.
   */
  async append(
    user: UserId,
    id: string,
    offset: number,
    source: AsyncIterable<Uint8Array>,
  ): Promise<UploadState> {
    await this.#find(user, id);
    return this.#locked(id, async (wanted) => {
      const upload = await this.#find(user, id);
      if (offset !== (await this.#offsetOf(upload))) throw new TidingsError('conflict', 'not its offset');
      if (offset === upload.bytes) return { id, offset, bytes: upload.bytes };
      await this.#parts.uploads.touch(id, this.#parts.clock.now());
      const held = await this.#store(upload, offset, new Incoming(source, upload.bytes - offset, wanted));
      if (held === upload.bytes) await this.#complete(upload);
      return { id, offset: held, bytes: upload.bytes };
    });
  }

  async remove(user: UserId, id: string): Promise<void> {
    await this.#find(user, id);
    await this.#locked(id, async () => {
      const { hasBlob } = await this.#find(user, id);
      if (hasBlob) await this.#parts.blobs.remove(id);
      await this.#parts.uploads.remove(id);
    });
    this.#hashes.delete(id);
  }

  async #find(user: UserId, id: string): Promise<UploadRecord> {
    const upload = await this.#parts.uploads.find(id);
    if (upload?.user !== user) throw new TidingsError('not-found', 'no such upload');
    return upload;
  }

  async #locked<T>(id: string, work: (wanted: AbortSignal) => Promise<T>): Promise<T> {
    const held = await this.#parts.locks.take(id);
    try {
      return await work(held.wanted);
    } finally {
      await held.release();
    }
  }

  /**
   * When somebody else has brought the asset meanwhile, nothing is left to be done. What came whole before a crash is checked now: nobody
   * is told that all of it is here before it is.
   */
  async #offsetOf(upload: UploadRecord): Promise<number> {
    const [stored] = await this.#parts.assets.stored([upload.asset]);
    if (stored) return upload.bytes;
    if (!upload.hasBlob) throw new TidingsError('not-found', 'the asset is gone again');
    const held = await this.#parts.blobs.held(blobOf(upload));
    if (held === upload.bytes) await this.#complete(upload);
    return held;
  }

  async #store(upload: UploadRecord, offset: number, incoming: Incoming): Promise<number> {
    const hashes = this.#hashesAt(upload, offset);
    try {
      const held = await this.#parts.blobs.append(blobOf(upload), offset, incoming.chunks(hashes));
      this.bytesReceived += held - offset;
      if (incoming.failure === null) return held;
    } catch (error) {
      this.#hashes.delete(upload.id);
      throw error;
    }
    this.counts.interrupted += 1;
    throw incoming.failure;
  }

  /** `null` when this process hasn't seen all that came before. */
  #hashesAt({ id }: UploadRecord, offset: number): UploadHashes | null {
    const known = offset === 0 ? new UploadHashes() : this.#hashes.get(id);
    if (known?.bytes !== offset) {
      this.#hashes.delete(id);
      return null;
    }
    this.#hashes.set(id, known);
    return known;
  }

  async #complete(upload: UploadRecord): Promise<void> {
    const { assets, uploads, blobs, clock } = this.#parts;
    const { id, asset, user, check, bytes } = upload;
    await blobs.finish(blobOf(upload));
    const found = await this.#digest(upload);
    if (found.id !== asset || found.check !== check) {
      this.counts.broken += 1;
      await blobs.remove(id);
      await uploads.remove(id);
      throw new TidingsError('asset-broken');
    }
    if (!(await assets.keep(upload, clock.now()))) {
      await blobs.remove(id);
      await uploads.emptied(id);
    }
    // What was offered long ago is there for its user for as long as what was offered now.
    await assets.claim([{ asset, user, check, bytes, until: clock.now() + claimMs }]);
    this.counts.finished += 1;
  }

  async #digest(upload: UploadRecord): Promise<{ readonly id: string; readonly check: string }> {
    const seen = this.#hashes.get(upload.id);
    this.#hashes.delete(upload.id);
    if (seen?.bytes === upload.bytes) return seen.digest();
    const hashes = new UploadHashes();
    const stored = await this.#parts.blobs.read(upload.id, 0, upload.bytes - 1);
    for await (const chunk of stored ?? []) hashes.update(chunk as Uint8Array);
    return hashes.digest();
  }
}

const blobOf = ({ id, bytes }: UploadRecord): Blob => ({ name: id, bytes });

/** A source that may be longer than is wanted, break, or be asked to stop: for the store it ends, and `failure` says why it did early. */
class Incoming {
  failure: TidingsError | null = null;
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #room: number;
  readonly #wanted: AbortSignal;

  constructor(source: AsyncIterable<Uint8Array>, room: number, wanted: AbortSignal) {
    this.#source = source;
    this.#room = room;
    this.#wanted = wanted;
  }

  async *chunks(hashes: UploadHashes | null): AsyncIterable<Uint8Array> {
    let room = this.#room;
    const chunks = this.#source[Symbol.asyncIterator]();
    try {
      for (;;) {
        const chunk = await this.#next(chunks);
        if (!chunk) return;
        if (chunk.byteLength > room) {
          this.failure = new TidingsError('too-large', 'more than was said');
          return;
        }
        room -= chunk.byteLength;
        hashes?.update(chunk);
        yield chunk;
      }
    } finally {
      // A broken line's iterator may never answer: nobody waits for it.
      void chunks.return?.().then(undefined, () => {});
    }
  }

  /** `null` at the end, whatever ended it. */
  async #next(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | null> {
    const { promise: asked, resolve } = Promise.withResolvers<'asked'>();
    const ask = () => resolve('asked');
    this.#wanted.addEventListener('abort', ask);
    if (this.#wanted.aborted) ask();
    try {
      const next = await Promise.race([chunks.next(), asked]);
      if (next !== 'asked') return next.done ? null : next.value;
      this.failure = new TidingsError('conflict', 'somebody else goes on with it');
    } catch (error) {
      this.failure = new TidingsError('conflict', 'the line broke', { cause: error });
    } finally {
      this.#wanted.removeEventListener('abort', ask);
    }
    return null;
  }
}
