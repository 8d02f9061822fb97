import type { Timestamp } from '@tidings/api/ids';
import { type DirectoryClient, guarded } from './client.ts';
import type { AssetModel } from './generated/sqlite/models/Asset.ts';
import type { AssetSweepDirectory, SweptAssets } from './port.ts';

/**
 * Finds what nothing needs without looking through everything: whatever stops needing an asset marks it (`unusedSince`), whatever
 * needs it takes the mark away. Both steps here hold only for the mark that was read, so that neither undoes one that came since.
 */
export class PrismaAssetSweep implements AssetSweepDirectory {
  readonly #client: DirectoryClient;

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  async expireClaims(before: Timestamp, now: Timestamp, limit: number): Promise<number> {
    const { assetClaim, asset } = this.#client;
    const ended = { until: { lt: new Date(before) } };
    const query = { where: ended, orderBy: { until: 'asc' }, take: limit } as const;
    const claims = await guarded(() => assetClaim.findMany(query));
    if (claims.length === 0) return 0;
    const ids = [...new Set(claims.map(({ assetId }) => assetId))];
    await guarded(() =>
      this.#client.$transaction([
        assetClaim.deleteMany({ where: { assetId: { in: ids }, ...ended } }),
        asset.updateMany({ where: { id: { in: ids } }, data: { unusedSince: new Date(now) } }),
      ]),
    );
    return claims.length;
  }

  async removeUnused(before: Timestamp, now: Timestamp, limit: number): Promise<SweptAssets> {
    const query = {
      where: { unusedSince: { lt: new Date(before) } },
      orderBy: { unusedSince: 'asc' },
      take: limit,
    } as const;
    const marked = await guarded(() => this.#client.asset.findMany(query));
    const needed = await this.#needed(marked, now);
    let removed = 0;
    for (const asset of marked) {
      if (needed.has(asset.id)) await this.#unmark(asset);
      else if (await this.#remove(asset)) removed += 1;
    }
    return { looked: marked.length, removed };
  }

  async #needed(assets: readonly AssetModel[], now: Timestamp): Promise<ReadonlySet<string>> {
    if (assets.length === 0) return new Set();
    const assetId = { in: assets.map(({ id }) => id) };
    const claimed = { assetId, until: { gt: new Date(now) } };
    const found = await guarded(() =>
      Promise.all([
        this.#client.assetReference.groupBy({ by: 'assetId', where: { assetId } }),
        this.#client.assetClaim.groupBy({ by: 'assetId', where: claimed }),
      ]),
    );
    return new Set(found.flat().map((each) => each.assetId));
  }

  async #unmark({ id, unusedSince }: AssetModel): Promise<void> {
    await guarded(() =>
      this.#client.asset.updateMany({ where: { id, unusedSince }, data: { unusedSince: null } }),
    );
  }

  /** The row goes and its blob becomes something to be removed, in one transaction: neither is forgotten. */
  async #remove({ id, unusedSince, blob, uploaderId, check, bytes }: AssetModel): Promise<boolean> {
    const discarded = { hasBlob: true, touchedAt: new Date(0) };
    return guarded(() =>
      this.#client.$transaction(async ({ asset, upload }) => {
        const { count } = await asset.deleteMany({ where: { id, unusedSince } });
        if (count === 0) return false;
        await upload.upsert({
          where: { id: blob },
          create: { id: blob, assetId: id, userId: uploaderId, check, bytes, ...discarded },
          update: discarded,
        });
        return true;
      }),
    );
  }
}
