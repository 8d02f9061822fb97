import type { Clock } from '@tidings/api/clock';
import type { AssetId } from '@tidings/api/ids';
import type { BlobStore, Content } from '@tidings/db/blob-store/port';
import type { AssetDirectory, AssetRecord } from '@tidings/db/directory/port';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { CacheUse } from './cache-use.ts';

/** How long a row is believed: it never changes, but it goes when nothing needs the asset any more. */
const believeMs = 60_000;

export type AssetDownloadsParts = {
  readonly assets: AssetDirectory;
  readonly blobs: BlobStore;
  readonly clock: Clock;
};

/** The bytes of assets, for who has a link (see `asset-links.ts`). */
export class AssetDownloads {
  readonly cacheUse = new CacheUse();
  bytesSent = 0;
  readonly #blobs: BlobStore;
  readonly #clock: Clock;
  readonly #rows: DataLoader<AssetId, AssetRecord | null>;
  readonly #known = new LRUCache<AssetId, { readonly asset: AssetRecord; readonly until: number }>({
    max: 20_000,
  });

  constructor({ assets, blobs, clock }: AssetDownloadsParts) {
    this.#blobs = blobs;
    this.#clock = clock;
    this.#rows = new DataLoader(
      async (ids) => {
        const found = new Map((await assets.stored(ids)).map((asset) => [asset.id, asset]));
        return ids.map((id) => found.get(id) ?? null);
      },
      { cache: false, maxBatchSize: 500 },
    );
  }

  /** `null` when it isn't there. */
  async find(id: AssetId): Promise<AssetRecord | null> {
    const known = this.#known.get(id);
    const hit = known !== undefined && known.until > this.#clock.now();
    this.cacheUse.count(hit);
    if (hit) return known.asset;
    const asset = await this.#rows.load(id);
    if (asset) this.#known.set(id, { asset, until: this.#clock.now() + believeMs });
    return asset;
  }

  /** Bytes first..last, both included; `null` when they have just gone. */
  read({ blob }: AssetRecord, first: number, last: number): Promise<Content | null> {
    return this.#blobs.read(blob, first, last);
  }
}
