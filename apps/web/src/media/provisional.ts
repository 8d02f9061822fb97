import type { SentContent } from '@tidings/api/content';
import { type AssetId, assetId } from '@tidings/api/ids';
import type { EncryptedFile, MediaItem, MediaKind } from '@tidings/api/media';

/**
 * What stands in an outbox item for a file that isn't ready: it names the original on this device, has no key, and never leaves the device. To
 * the views it is a file that is here.
 */
export const provisionalItem = (file: File, kind: MediaKind): MediaItem => ({
  kind,
  file: { asset: localId(), check: '', bytes: 0, key: '', size: file.size },
  mime: file.type.slice(0, 200),
  ...(kind === 'document' || kind === 'audio' ? { name: file.name.slice(0, 300) } : {}),
});

export const isProvisional = ({ key }: EncryptedFile): boolean => key === '';

/** What an outbox item refers to on this device. */
export const idsIn = (content: { readonly type: string } | SentContent): readonly AssetId[] =>
  'items' in content
    ? content.items.flatMap(({ file, poster }) => (poster ? [file.asset, poster.asset] : [file.asset]))
    : [];

function localId(): AssetId {
  const bytes = crypto.getRandomValues(new Uint8Array(33));
  const text = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  return assetId(text.slice(0, 43));
}
