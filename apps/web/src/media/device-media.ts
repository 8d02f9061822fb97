import type { AssetUsage } from '@tidings/api/asset';
import { type MakeId, systemClock } from '@tidings/api/clock';
import { parseContent } from '@tidings/api/content';
import { TidingsError } from '@tidings/api/errors';
import type { ClientId, ConversationId } from '@tidings/api/ids';
import { type EncryptedFile, type MediaItem, type MediaKind, mediaKinds } from '@tidings/api/media';
import { paths } from '@tidings/api/protocol';
import { Links } from '@tidings/client/assets/links';
import type { DeviceAssets } from '@tidings/client/assets/uploads';
import type { Engine } from '@tidings/client/engine-port';
import type { OutboxItem } from '@tidings/client/local-store';
import { hashesOf } from '@tidings/client/sends';
import { proxy } from 'comlink';
import type { DeviceStore } from '../engine/device-store';
import { Files } from './files';
import { type MediaNews, newsBoard } from './media-news';
import { OutgoingMedia } from './outgoing-media';
import { Playback } from './playback';
import type { AutoFetchRules, Media, MediaUsage, PlayableUrl, Preparation, PrepareWish } from './port';
import { Preparations, type Prepared } from './preparations';
import { idsIn, isProvisional } from './provisional';
import { Sendings } from './sendings';
import type { MediaWorkerLink } from './start-worker';

export type DeviceMediaParts = {
  readonly engine: Engine;
  readonly store: DeviceStore;
  readonly worker: MediaWorkerLink;
  readonly rules: AutoFetchRules;
  readonly makeId: MakeId;
};

/** What the server takes is asked again after so long. */
const limitsForMs = 10 * 60_000;

/** The media of this device: puts the parts together. */
export class DeviceMedia implements Media {
  readonly rules: AutoFetchRules;
  readonly #parts: DeviceMediaParts;
  readonly #calls: MediaWorkerLink['calls'];
  readonly #sendings = new Sendings();
  readonly #preparations: Preparations;
  readonly #outgoing: OutgoingMedia;
  readonly #files: Files;
  readonly #playback: Playback;
  readonly #news: ReturnType<typeof newsBoard>;
  readonly #ends: (() => void)[];
  #limits: { readonly at: number; readonly asked: Promise<AssetUsage | null> } | null = null;

  constructor(parts: DeviceMediaParts) {
    const { engine, store, worker, rules, makeId } = parts;
    this.#parts = parts;
    this.rules = rules;
    this.#calls = worker.calls;
    this.#news = newsBoard(engine.self.userId, (news) => this.#hear(news));
    const links = new Links(
      (conversationId, assets) => engine.api.asset.links.query({ conversationId, assets: [...assets] }),
      systemClock,
    );
    this.#files = new Files({ worker: worker.calls, links, news: () => this.#news });
    this.#preparations = new Preparations({
      worker: worker.calls,
      makeId,
      atServer: (item) => this.#isAtServer(item),
      admit: (bytes) => this.#admit(bytes),
    });
    this.#outgoing = new OutgoingMedia({
      ...{ engine, worker: worker.calls, preparations: this.#preparations, sendings: this.#sendings },
      alone: (name, work) => this.#alone(name, work),
      preparing: (client) => this.#preparing(client),
    });
    this.#playback = new Playback({
      makeId,
      typeOf: (conversation, file) => worker.calls.typeOf(file, proxy(this.#files.link(conversation, file))),
      open: (conversation, { file, kind }) => this.open(conversation, file, kind),
      ciphertext: (file) => worker.calls.ciphertext(file.asset),
      link: (conversation, file) => this.#files.link(conversation, file),
    });
    const outbox = (items: readonly OutboxItem[]) => {
      this.#sendings.outboxIs(items);
      this.#outgoing.resume(items);
    };
    this.#ends = [
      store.live((reads) => reads.outbox(), outbox),
      engine.observe((state) => this.#sendings.engineIs(state)),
    ];
    void this.#sweep();
  }

  prepare(file: File, wish: PrepareWish): Preparation {
    return this.#preparations.begin(file, wish);
  }

  send(
    conversation: ConversationId,
    preparations: readonly Preparation[],
    caption: Parameters<Media['send']>[2],
  ): Promise<ClientId> {
    return this.#outgoing.send(conversation, preparations as readonly Prepared[], caption);
  }

  sending(client: ClientId) {
    return this.#sendings.of(client);
  }

  file(file: EncryptedFile) {
    return this.#files.state(file);
  }

  fetch(conversation: ConversationId, file: EncryptedFile, kind: MediaKind = 'document'): void {
    // Its end shows as a state.
    this.#files.fetch(conversation, file, kind).catch(() => {});
  }

  cancelFetch(file: EncryptedFile): void {
    this.#files.cancel(file);
  }

  async open(conversation: ConversationId, file: EncryptedFile, kind: MediaKind = 'document'): Promise<Blob> {
    const here = await this.#calls.open(file);
    if (here) return here;
    if (isProvisional(file)) throw new TidingsError('not-found', 'the original is gone from this device');
    await this.#files.fetch(conversation, file, kind);
    const fetched = await this.#calls.open(file);
    if (!fetched) throw new TidingsError('storage-full', 'it was taken away at once');
    return fetched;
  }

  stream(conversation: ConversationId, item: MediaItem): Promise<PlayableUrl> {
    return this.#playback.stream(conversation, item);
  }

  async usage(): Promise<MediaUsage> {
    const conversations = new Map<ConversationId, number>();
    const kinds = Object.fromEntries(mediaKinds.map((kind) => [kind, 0])) as Record<MediaKind, number>;
    let total = 0;
    for (const { conversation, kind, bytes } of await this.#calls.holdings()) {
      total += bytes;
      kinds[kind] += bytes;
      if (conversation) conversations.set(conversation, (conversations.get(conversation) ?? 0) + bytes);
    }
    return { total, conversations, kinds };
  }

  async free({ conversation, kinds }: Parameters<Media['free']>[0]): Promise<number> {
    const holdings = await this.#calls.holdings();
    const freed = holdings.filter(
      (holding) =>
        !holding.needed &&
        !this.#files.isComing(holding.id) &&
        (!conversation || holding.conversation === conversation) &&
        (!kinds || kinds.includes(holding.kind)),
    );
    const assets = freed.map(({ id }) => id);
    await this.#calls.drop(assets);
    this.#news.tell({ type: 'gone', assets });
    return freed.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** For the engine of the leading tab. */
  async deviceAssets(): Promise<DeviceAssets> {
    const { tusCarrier } = await import('@tidings/client/assets/tus-carrier');
    return {
      ciphertext: (asset) => this.#calls.ciphertext(asset),
      carrier: tusCarrier({ endpoint: paths.uploads }),
      progress: ({ id }, sent) => this.#news.tell({ type: 'uploading', asset: id, sent }),
      there: (assets) => void this.#calls.atServer(assets.map(({ id }) => id)),
    };
  }

  /** Stops all work, at once. */
  close(): void {
    for (const end of this.#ends) end();
    this.#news.close();
    this.#parts.worker.end();
  }

  #hear(news: MediaNews): void {
    if (news.type === 'uploading') this.#sendings.uploading(news.asset, news.sent);
    else if (news.type === 'here') this.#files.hear(true, [news.asset]);
    else this.#files.hear(false, news.assets);
  }

  async #isAtServer(item: MediaItem): Promise<boolean> {
    const assets = hashesOf({ type: 'media', items: [item], text: '' });
    try {
      const offers = await this.#parts.engine.api.asset.offer.mutate({ assets: [...assets] });
      return offers.every(({ state }) => state === 'stored');
    } catch {
      return false;
    }
  }

  /** Said early, where it can be: the server has the last word when the file is offered. */
  async #admit(bytes: number): Promise<void> {
    const now = systemClock.now();
    if (!this.#limits || now - this.#limits.at > limitsForMs)
      this.#limits = { at: now, asked: this.#parts.engine.api.asset.usage.query().catch(() => null) };
    const limits = await withinMs(1_000, this.#limits.asked);
    if (!limits) return;
    if (bytes > limits.largest) throw new TidingsError('too-large');
    if (limits.quota > 0 && bytes > limits.quota - limits.bytes) throw new TidingsError('quota-reached');
  }

  async #preparing(client: ClientId): Promise<OutboxItem | null> {
    const item = (await this.#parts.store.outbox()).find((found) => found.clientId === client);
    return item?.state.type === 'preparing' ? item : null;
  }

  #alone(name: string, work: () => Promise<void>): Promise<void> {
    if (!('locks' in navigator)) return work();
    return navigator.locks.request(
      `tidings/${this.#parts.engine.self.userId}/prepare/${name}`,
      work,
    ) as Promise<void>;
  }

  async #sweep(): Promise<void> {
    const outbox = await this.#parts.store.outbox();
    await this.#calls.sweep(outbox.flatMap((item) => idsIn(parseContent(item.content))));
  }
}

const withinMs = <T>(ms: number, answer: Promise<T>): Promise<T | null> =>
  Promise.race([answer, new Promise<null>((resolve) => setTimeout(() => resolve(null), ms))]);
