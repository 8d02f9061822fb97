import type { ConversationId } from '@tidings/api/ids';
import type { EncryptedFile, MediaItem } from '@tidings/api/media';
import type { PlaySource } from '../service-worker/play';
import { isPlayQuestion, playUrl } from '../service-worker/shared';
import type { PlayableUrl } from './port';
import { isProvisional } from './provisional';
import { playedAs } from './sniff';

export type PlaybackParts = {
  readonly makeId: () => string;
  readonly typeOf: (conversation: ConversationId, file: EncryptedFile) => Promise<string>;
  readonly open: (conversation: ConversationId, item: MediaItem) => Promise<Blob>;
  /** The ciphertext on this device; `null` when it isn't here. */
  readonly ciphertext: (file: EncryptedFile) => Promise<Blob | null>;
  readonly link: (conversation: ConversationId, file: EncryptedFile) => (renew: boolean) => Promise<string>;
};

type Playing = { readonly conversation: ConversationId; readonly item: MediaItem; readonly type: string };

/**
 * URLs for players. The service worker answers them with ranges that it decrypts; for each it asks the page what to play, so it keeps nothing, and
 * neither a key nor what names a file stands in a URL.
 */
export class Playback {
  readonly #parts: PlaybackParts;
  readonly #playing = new Map<string, Playing>();
  #answering = false;

  constructor(parts: PlaybackParts) {
    this.#parts = parts;
  }

  async stream(conversation: ConversationId, item: MediaItem): Promise<PlayableUrl> {
    const { makeId, typeOf } = this.#parts;
    const worker = globalThis.navigator.serviceWorker?.controller;
    if (!worker || isProvisional(item.file)) return this.#whole(conversation, item);
    const type = playedAs(await typeOf(conversation, item.file), item.kind);
    const id = makeId();
    this.#playing.set(id, { conversation, item, type });
    this.#answer();
    return { url: playUrl(id), release: () => this.#playing.delete(id) };
  }

  async #whole(conversation: ConversationId, item: MediaItem): Promise<PlayableUrl> {
    const blob = await this.#parts.open(conversation, item);
    const url = URL.createObjectURL(blob.slice(0, blob.size, playedAs(blob.type, item.kind)));
    return { url, release: () => URL.revokeObjectURL(url) };
  }

  #answer(): void {
    if (this.#answering) return;
    this.#answering = true;
    navigator.serviceWorker.addEventListener('message', ({ data, ports: [port] }: MessageEvent) => {
      if (!port || !isPlayQuestion(data)) return;
      void this.#source(data.id, data.renew).then(
        (source) => port.postMessage(source),
        () => port.postMessage(null),
      );
    });
    navigator.serviceWorker.startMessages();
  }

  async #source(id: string, renew: boolean): Promise<PlaySource | null> {
    const playing = this.#playing.get(id);
    if (!playing) return null;
    const { file } = playing.item;
    const ciphertext = await this.#parts.ciphertext(file);
    const url = ciphertext ? null : await this.#parts.link(playing.conversation, file)(renew);
    return { type: playing.type, key: file.key, size: file.size, ciphertext, url };
  }
}
