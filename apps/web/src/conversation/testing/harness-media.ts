import { TidingsError } from '@tidings/api/errors';
import { type AssetId, clientId } from '@tidings/api/ids';
import { type EncryptedFile, type MediaItem, type MediaKind, mediaKinds } from '@tidings/api/media';
import type { AutoFetch, AutoFetchKind, FileState, Media, Readable, SendingState } from '../../media/port';

/** Media for the harness: files that a test has put here, in the state that it gave them. Nothing is encrypted or sent. */
export class HarnessMedia implements Media {
  readonly asked: unknown[][] = [];
  readonly blobs = new Map<AssetId, Blob>();
  readonly states = new Map<AssetId, FileState>();
  sendingState: SendingState | null = { type: 'uploading', sent: 40, total: 100 };
  readonly rules = {
    get: () => rules,
    set: (kind: AutoFetchKind, when: AutoFetch) => void this.asked.push(['rules.set', kind, when]),
    subscribe: () => () => {},
    allows: () => true,
  };

  prepare: Media['prepare'] = (file, wish) => {
    this.asked.push(['prepare', file.name, wish]);
    const picture = file.type.startsWith('image/') && wish.as !== 'document';
    const kind: MediaKind = wish.as ?? (picture ? 'image' : 'document');
    const preview = picture ? URL.createObjectURL(file) : null;
    return {
      ...{ id: crypto.randomUUID(), file, kind },
      state: fixed({ type: 'ready', preview, size: file.size, durationMs: 4_000 }),
      discard: () => void this.asked.push(['discard', file.name]),
    };
  };

  send: Media['send'] = async (_, preparations, caption) => {
    this.asked.push(['send', preparations.map(({ file }) => file.name), caption]);
    return clientId('harness-send');
  };

  sending = () => fixed(this.sendingState);
  file = ({ asset }: EncryptedFile) => fixed(this.states.get(asset) ?? ({ type: 'here' } as const));
  fetch: Media['fetch'] = (_, { asset }) => void this.asked.push(['fetch', asset]);
  cancelFetch: Media['cancelFetch'] = ({ asset }) => void this.asked.push(['cancelFetch', asset]);

  open: Media['open'] = async (_, { asset }) => {
    const blob = this.blobs.get(asset);
    if (!blob) throw new TidingsError('not-found');
    return blob;
  };

  stream = async (conversation: Parameters<Media['stream']>[0], item: MediaItem) => {
    const url = URL.createObjectURL(await this.open(conversation, item.file));
    return { url, release: () => URL.revokeObjectURL(url) };
  };

  usage: Media['usage'] = async () => ({ total: 0, conversations: new Map(), kinds: noBytes });
  free: Media['free'] = async () => 0;
}

const rules = { image: 'always', video: 'unmetered', audio: 'always', document: 'never' } as const;
const noBytes = Object.fromEntries(mediaKinds.map((kind) => [kind, 0])) as Record<MediaKind, number>;

const kept = new Map<string, Readable<unknown>>();

/** One that never changes, and is the same object for the same value. */
function fixed<T>(value: T): Readable<T> {
  const key = JSON.stringify(value);
  const found = kept.get(key) ?? { get: () => value, subscribe: () => () => {} };
  kept.set(key, found);
  return found as Readable<T>;
}
