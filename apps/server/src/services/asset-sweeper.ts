import type { Clock } from '@tidings/api/clock';
import type { Timestamp } from '@tidings/api/ids';
import type { Locks } from '@tidings/bus/lock/port';
import type { BlobStore } from '@tidings/db/blob-store/port';
import type {
  AssetReferenceDirectory,
  AssetSweepDirectory,
  UploadDirectory,
  UploadRecord,
} from '@tidings/db/directory/port';
import type { CarriedAssets } from './carried-assets.ts';
import type { Logger } from './parts.ts';
import { Sweeper } from './sweeper.ts';

const everyMs = 10 * 60_000;
/** A send that was announced so long ago and isn't in the log won't come any more. */
const openMs = 10 * 60_000;
/** Between the moment that an asset may be unused and its removal: longer than anybody takes between looking at it and needing it. */
const unusedMs = 3_600_000;
/** An upload that nobody has gone on with. */
export const restMs = 2 * 86_400_000;
const atOnce = 200;

export type AssetSweeperParts = {
  readonly assetReferences: AssetReferenceDirectory;
  readonly assetSweep: AssetSweepDirectory;
  readonly uploads: UploadDirectory;
  readonly locks: Locks;
  readonly blobs: BlobStore;
  readonly carried: CarriedAssets;
  readonly clock: Clock;
  readonly logger: Logger;
};

/**
 * Removes what nothing needs (ASSET6): announced sends are settled or given up, claims end, unused assets become blobs to be removed,
 * and blobs that nobody goes on with are removed. Each step can be interrupted anywhere, and several sweepers may be at work.
 */
export class AssetSweeper extends Sweeper {
  /** Since the start. */
  readonly removed = { assets: 0, uploads: 0 };
  readonly #parts: AssetSweeperParts;

  constructor(parts: AssetSweeperParts) {
    super(parts, { everyMs, trouble: 'unused files are removed later' });
    this.#parts = parts;
  }

  async sweep(): Promise<void> {
    await this.#settleOpen();
    await this.#expireClaims();
    await this.#removeUnused();
    await this.#removeResting();
  }

  async #settleOpen(): Promise<void> {
    const { assetReferences, carried, clock } = this.#parts;
    for (;;) {
      const open = await assetReferences.open(clock.now() - openMs, atOnce);
      const { lost } = await carried.settleOpen(open);
      for (const send of lost) await assetReferences.giveUp(send, clock.now());
      if (open.length < atOnce || this.stopped) return;
    }
  }

  async #expireClaims(): Promise<void> {
    const { assetSweep, clock } = this.#parts;
    const now = clock.now();
    while ((await assetSweep.expireClaims(now - unusedMs, now, atOnce)) === atOnce && !this.stopped);
  }

  async #removeUnused(): Promise<void> {
    const { assetSweep, clock } = this.#parts;
    const now = clock.now();
    for (let looked = atOnce; looked === atOnce && !this.stopped; ) {
      const swept = await assetSweep.removeUnused(now - unusedMs, now, atOnce);
      this.removed.assets += swept.removed;
      looked = swept.looked;
    }
  }

  async #removeResting(): Promise<void> {
    const { uploads, clock } = this.#parts;
    const before = clock.now() - restMs;
    for (;;) {
      const resting = await uploads.resting(before, atOnce);
      for (const upload of resting) await this.#remove(upload, before);
      if (resting.length < atOnce || this.stopped) return;
    }
  }

  /** Under its lock: who goes on with it this moment, or has just made it an asset, comes first. */
  async #remove({ id }: UploadRecord, before: Timestamp): Promise<void> {
    const { uploads, locks, blobs } = this.#parts;
    const held = await locks.take(id);
    try {
      const upload = await uploads.find(id);
      if (!upload || upload.touchedAt >= before) return;
      if (upload.hasBlob) await blobs.remove(id);
      await uploads.remove(id);
      this.removed.uploads += 1;
    } finally {
      await held.release();
    }
  }
}
