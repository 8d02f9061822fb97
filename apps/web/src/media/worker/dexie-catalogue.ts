import type { AssetId, UserId } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import Dexie, { type Table } from 'dexie';
import { catalogueName } from '../names';
import { type Catalogue, type Holding, rememberedSends } from './catalogue';

type SentRow = { readonly source: string; readonly item: MediaItem; readonly usedAt: number };

/**
 * A database of its own, which nothing opens before there is media to handle: the one with the messages is read while the page paints.
 *
 * - `holdings`  what the vault has
 * - `sent`      files that were sent before, by their bytes
 */
class MediaDatabase extends Dexie {
  readonly holdings!: Table<Holding, AssetId>;
  readonly sent!: Table<SentRow, string>;

  constructor(user: UserId) {
    super(catalogueName(user), { chromeTransactionDurability: 'strict' });
    this.version(1).stores({ holdings: '&id', sent: '&source, usedAt' });
  }
}

export async function openDexieCatalogue(user: UserId): Promise<Catalogue> {
  const database = new MediaDatabase(user);
  await database.open();
  const { holdings, sent } = database;
  return {
    all: () => holdings.toArray(),
    get: async (id) => (await holdings.get(id)) ?? null,
    put: async (holding) => void (await holdings.put(holding)),
    drop: (id) => holdings.delete(id),
    recall: async (source) => (await sent.get(source))?.item ?? null,
    remember: async (source, item) => {
      await sent.put({ source, item, usedAt: Date.now() });
      const spare = (await sent.count()) - rememberedSends;
      if (spare > 0) await sent.bulkDelete(await sent.orderBy('usedAt').limit(spare).primaryKeys());
    },
  };
}
