import { type AssetId, type Timestamp, trustedUserId, type UserId } from '@tidings/api/ids';
import { type DirectoryClient, guarded } from './client.ts';
import type { UploadModel } from './generated/sqlite/models/Upload.ts';
import type { UploadDirectory, UploadRecord } from './port.ts';

export class PrismaUploads implements UploadDirectory {
  readonly #client: DirectoryClient;

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  async create({ asset, user, touchedAt, ...columns }: UploadRecord): Promise<void> {
    const data = { ...columns, assetId: asset, userId: user, touchedAt: new Date(touchedAt) };
    await guarded(() => this.#client.upload.create({ data }));
  }

  async find(id: string): Promise<UploadRecord | null> {
    const row = await guarded(() => this.#client.upload.findUnique({ where: { id } }));
    return row && recordOf(row);
  }

  async underWay(user: UserId, asset: AssetId): Promise<readonly UploadRecord[]> {
    const where = { userId: user, assetId: asset, hasBlob: true };
    const query = { where, orderBy: { touchedAt: 'asc' } } as const;
    return (await guarded(() => this.#client.upload.findMany(query))).map(recordOf);
  }

  async touch(id: string, now: Timestamp): Promise<void> {
    const data = { touchedAt: new Date(now) };
    await guarded(() => this.#client.upload.updateMany({ where: { id }, data }));
  }

  async emptied(id: string): Promise<void> {
    await guarded(() => this.#client.upload.updateMany({ where: { id }, data: { hasBlob: false } }));
  }

  async remove(id: string): Promise<void> {
    await guarded(() => this.#client.upload.deleteMany({ where: { id } }));
  }

  async resting(before: Timestamp, limit: number): Promise<readonly UploadRecord[]> {
    const where = { touchedAt: { lt: new Date(before) } };
    const query = { where, orderBy: { touchedAt: 'asc' }, take: limit } as const;
    return (await guarded(() => this.#client.upload.findMany(query))).map(recordOf);
  }
}

const recordOf = (row: UploadModel): UploadRecord => ({
  id: row.id,
  asset: row.assetId as AssetId,
  user: trustedUserId(row.userId),
  check: row.check,
  bytes: Number(row.bytes),
  hasBlob: row.hasBlob,
  touchedAt: row.touchedAt.getTime(),
});
