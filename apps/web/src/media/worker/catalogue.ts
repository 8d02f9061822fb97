import type { AssetId, ConversationId } from '@tidings/api/ids';
import type { MediaItem, MediaKind } from '@tidings/api/media';
import type { PrepareWish } from '../port';

/** What the vault holds under one name. */
export type Holding = {
  /** Of an asset its id, of an original one of its own. */
  readonly id: AssetId;
  /** In the vault. */
  readonly name: string;
  /** `coming`: a part of a ciphertext · `here`: all of it, checked · `original`: a picked file, until it is prepared. */
  readonly state: 'coming' | 'here' | 'original';
  readonly bytes: number;
  readonly kind: MediaKind;
  /** `null` as long as it wasn't sent. */
  readonly conversation: ConversationId | null;
  /** Nobody else has it: it waits to be sent or uploaded, and isn't taken away to make room. */
  readonly needed: boolean;
  readonly usedAt: number;
  /** Of an original. */
  readonly original?: { readonly name: string; readonly type: string; readonly wish: PrepareWish };
};

/** What this device has of media, and what it has sent before. Small: all rows are read at once. */
export interface Catalogue {
  all(): Promise<readonly Holding[]>;
  get(id: AssetId): Promise<Holding | null>;
  put(holding: Holding): Promise<void>;
  drop(id: AssetId): Promise<void>;
  /** ASSET11: what a file was sent as the last time; `source` names its bytes and how they were to be sent. */
  recall(source: string): Promise<MediaItem | null>;
  remember(source: string, item: MediaItem): Promise<void>;
}

/** Of the files that were sent, so many are remembered. */
export const rememberedSends = 2_000;
