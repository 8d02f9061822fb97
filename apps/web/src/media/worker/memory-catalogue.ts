import type { AssetId } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import { type Catalogue, type Holding, rememberedSends } from './catalogue';

/** As long as the tab is open. */
export function memoryCatalogue(): Catalogue {
  const holdings = new Map<AssetId, Holding>();
  const sent = new Map<string, MediaItem>();
  return {
    all: async () => [...holdings.values()],
    get: async (id) => holdings.get(id) ?? null,
    put: async (holding) => void holdings.set(holding.id, holding),
    drop: async (id) => void holdings.delete(id),
    recall: async (source) => sent.get(source) ?? null,
    remember: async (source, item) => {
      sent.delete(source);
      sent.set(source, item);
      const [oldest] = sent.keys();
      if (sent.size > rememberedSends && oldest !== undefined) sent.delete(oldest);
    },
  };
}
