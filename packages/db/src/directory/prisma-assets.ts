import type { AssetId, Timestamp, UserId } from '@tidings/api/ids';
import { trustedUserId } from '@tidings/api/ids';
import { type DirectoryClient, guarded, isTaken } from './client.ts';
import type { AssetModel } from './generated/sqlite/models/Asset.ts';
import type { AssetClaimModel } from './generated/sqlite/models/AssetClaim.ts';
import type { AssetDirectory, AssetRecord, AssetUsageRecord, ClaimRecord, UploadRecord } from './port.ts';

/** Assets and claims. Saying that one is needed and taking away its mark of being unused are one transaction (`unusedSince`). */
export class PrismaAssets implements AssetDirectory {
  readonly #client: DirectoryClient;

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  async stored(assets: readonly AssetId[]): Promise<readonly AssetRecord[]> {
    if (assets.length === 0) return [];
    const rows = await guarded(() => this.#client.asset.findMany({ where: { id: { in: [...assets] } } }));
    return rows.map(recordOf);
  }

  async claim(claims: readonly ClaimRecord[]): Promise<readonly AssetRecord[]> {
    const assets = claims.map(({ asset }) => asset);
    const { assetClaim, asset } = this.#client;
    await guarded(() =>
      this.#client.$transaction([
        ...claims.map((claim) => {
          const { asset: assetId, user: userId, check, bytes } = claim;
          const until = new Date(claim.until);
          return assetClaim.upsert({
            where: { assetId_userId: { assetId, userId } },
            create: { assetId, userId, check, bytes, until },
            update: { check, bytes, until },
          });
        }),
        asset.updateMany({ where: { id: { in: assets } }, data: { unusedSince: null } }),
      ]),
    );
    const stored = await this.stored(assets);
    if (stored.length > 0) await this.#claimsAreStored(stored.map(({ id }) => id));
    return stored;
  }

  async claimsOf(user: UserId, assets: readonly AssetId[], now: Timestamp): Promise<readonly ClaimRecord[]> {
    const where = { assetId: { in: [...assets] }, userId: user, until: { gt: new Date(now) } };
    return (await guarded(() => this.#client.assetClaim.findMany({ where }))).map(claimOf);
  }

  async unclaim(user: UserId, assets: readonly AssetId[], now: Timestamp): Promise<void> {
    const { assetClaim, asset } = this.#client;
    const ids = { in: [...assets] };
    await guarded(() =>
      this.#client.$transaction([
        assetClaim.deleteMany({ where: { assetId: ids, userId: user } }),
        asset.updateMany({ where: { id: ids }, data: { unusedSince: new Date(now) } }),
      ]),
    );
  }

  async usage(user: UserId, now: Timestamp): Promise<AssetUsageRecord> {
    const { asset, assetClaim } = this.#client;
    const claims = { userId: user, isStored: false, until: { gt: new Date(now) } };
    const [stored, claimed] = await guarded(() =>
      Promise.all([
        asset.aggregate({ where: { uploaderId: user }, _sum: { bytes: true } }),
        assetClaim.aggregate({ where: claims, _sum: { bytes: true } }),
      ]),
    );
    return { stored: Number(stored._sum.bytes ?? 0), claimed: Number(claimed._sum.bytes ?? 0) };
  }

  async keep(kept: UploadRecord, now: Timestamp): Promise<boolean> {
    const { id, asset: assetId, user, check, bytes } = kept;
    const { asset, upload } = this.#client;
    const row = { id: assetId, check, bytes, blob: id, uploaderId: user, storedAt: new Date(now) };
    const won = await guarded(async () => {
      try {
        await this.#client.$transaction([
          asset.create({ data: row }),
          upload.updateMany({ where: { id }, data: { hasBlob: false, touchedAt: new Date(now) } }),
        ]);
        return true;
      } catch (error) {
        if (!isTaken(error)) throw error;
        return (await asset.findUnique({ where: { id: assetId } }))?.blob === id;
      }
    });
    await this.#claimsAreStored([assetId]);
    return won;
  }

  async #claimsAreStored(assets: readonly AssetId[]): Promise<void> {
    const where = { assetId: { in: [...assets] }, isStored: false };
    await guarded(() => this.#client.assetClaim.updateMany({ where, data: { isStored: true } }));
  }
}

const recordOf = (row: AssetModel): AssetRecord => ({
  id: row.id as AssetId,
  check: row.check,
  bytes: Number(row.bytes),
  blob: row.blob,
  uploader: trustedUserId(row.uploaderId),
  storedAt: row.storedAt.getTime(),
});

const claimOf = (row: AssetClaimModel): ClaimRecord => ({
  asset: row.assetId as AssetId,
  user: trustedUserId(row.userId),
  check: row.check,
  bytes: Number(row.bytes),
  until: row.until.getTime(),
});
