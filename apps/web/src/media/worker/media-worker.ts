import { secureId, systemClock } from '@tidings/api/clock';
import type { AssetId, ConversationId, UserId } from '@tidings/api/ids';
import { assetsOf, type EncryptedFile, type MediaItem, type MediaKind } from '@tidings/api/media';
import { decryption, decryptionOf, rangeOf } from '@tidings/client/assets/cipher';
import { download } from '@tidings/client/assets/download';
import { wasmAssetHash } from '@tidings/client/assets/hashing-wasm';
import { fetchRange } from '@tidings/client/assets/ranged-fetch';
import type { PrepareWish } from '../port';
import { sniff, sniffedBytes, unshown } from '../sniff';
import type { Catalogue, Holding } from './catalogue';
import { openDexieCatalogue } from './dexie-catalogue';
import { Holdings } from './holdings';
import { memoryCatalogue } from './memory-catalogue';
import { memoryVault } from './memory-vault';
import { openOpfsVault } from './opfs-vault';
import { pictureHead } from './picture-size';
import { shape } from './shape';
import { sourceKey } from './source-key';
import type { Vault } from './vault';

export type Prepared = { readonly item: MediaItem; readonly preview: Blob | null };

/** Calls back into the page. */
export type PrepareHooks = {
  readonly progress: (fraction: number) => void;
  /** Whether the server has these, so that sending them uploads nothing. */
  readonly atServer: (item: MediaItem) => Promise<boolean>;
};

export type FetchHooks = {
  readonly progress: (received: number) => void;
  readonly link: (renew: boolean) => Promise<string>;
};

type Store = { readonly holdings: Holdings; readonly catalogue: Catalogue };

/** Everything that touches the bytes of media, off the page's thread. One per tab; what it keeps is shared by all tabs. */
export class MediaWorker {
  readonly #store: Promise<Store>;
  readonly #user: UserId;
  readonly #jobs = new Map<string, AbortController>();

  constructor(user: UserId, kept: boolean) {
    this.#user = user;
    this.#store = openStore(user, kept);
  }

  /** Makes a file ready to send. `job` names it for {@link cancel}. */
  prepare(
    job: string,
    file: File,
    kind: MediaKind,
    wish: PrepareWish,
    hooks: PrepareHooks,
  ): Promise<Prepared> {
    return this.#job(job, async (signal) => {
      const { catalogue, holdings } = await this.#store;
      const source = await sourceKey(file, kind, wish, signal);
      const known = await catalogue.recall(source);
      if (known && ((await areHere(holdings, known)) || (await hooks.atServer(known))))
        return { item: named(known, file.name), preview: await this.#previewOf(known) };
      const shaped = await shape(file, kind, wish, {
        signal,
        progress: (done) => hooks.progress(done * shapedShare),
      });
      signal.throwIfAborted();
      const began = kind === 'video' ? shapedShare : 0;
      const sealed = await holdings.seal(shaped.bytes, kind, signal, (done) =>
        hooks.progress(began + (1 - began) * (done / Math.max(1, shaped.bytes.size))),
      );
      const poster = shaped.poster && (await holdings.seal(shaped.poster, kind, signal, () => {}));
      const item = { kind, file: sealed, ...shaped.described, ...(poster && { poster }) };
      await catalogue.remember(source, item);
      return { item: named(item, file.name), preview: shaped.preview };
    });
  }

  cancel(job: string): void {
    this.#jobs.get(job)?.abort();
  }

  async keepOriginal(id: AssetId, file: File, kind: MediaKind, wish: PrepareWish): Promise<void> {
    const { holdings } = await this.#store;
    await holdings.keepOriginal(id, file, kind, { name: file.name, type: file.type, wish });
  }

  async original(
    id: AssetId,
  ): Promise<{ readonly file: File; readonly kind: MediaKind; readonly wish: PrepareWish } | null> {
    const found = await (await this.#store).holdings.original(id);
    return found && { file: found.file, kind: found.holding.kind, wish: found.holding.original?.wish ?? {} };
  }

  async ciphertext(id: AssetId): Promise<Blob | null> {
    return (await this.#store).holdings.ciphertext(id);
  }

  async has(id: AssetId): Promise<boolean> {
    return (await this.#store).holdings.has(id);
  }

  /** Rejects as {@link download} does. Tabs that want the same file wait for each other. */
  fetch(
    file: EncryptedFile,
    conversation: ConversationId,
    kind: MediaKind,
    hooks: FetchHooks,
  ): Promise<void> {
    return this.#job(file.asset, (signal) =>
      this.#alone(file.asset, signal, async () => {
        const { holdings } = await this.#store;
        if (await holdings.ciphertext(file.asset)) return;
        const into = await holdings.incoming(file, conversation, kind);
        const { progress, link } = hooks;
        await download({
          ...{ file, into, link, progress, signal },
          makeHash: wasmAssetHash,
          clock: systemClock,
          random: Math.random,
        });
      }),
    );
  }

  /** The decrypted file, as what it is. `null` when it isn't here. */
  async open(file: EncryptedFile): Promise<Blob | null> {
    const { holdings } = await this.#store;
    const original = await holdings.original(file.asset);
    if (original) return typed(original.file);
    const sealed = await holdings.ciphertext(file.asset);
    if (!sealed) return null;
    const plain = sealed.stream().pipeThrough(decryption(file.key, file.size));
    return typed(await new Response(plain).blob());
  }

  /** What a file is, by its beginning, which is fetched when the file isn't here. */
  async typeOf(file: EncryptedFile, link: (renew: boolean) => Promise<string>): Promise<string> {
    if (file.size === 0) return unshown;
    const range = rangeOf(file.size, 0, Math.min(file.size, sniffedBytes) - 1);
    const held = await (await this.#store).holdings.ciphertext(file.asset);
    const { signal } = new AbortController();
    const sealed = held
      ? held.slice(range.first, range.last + 1).stream()
      : await fetchRange({ link, range, signal });
    const plain = sealed.pipeThrough(decryptionOf(file.key, file.size, range));
    return sniff(new Uint8Array(await new Response(plain).arrayBuffer()));
  }

  async adopt(ids: readonly AssetId[], conversation: ConversationId): Promise<void> {
    await (await this.#store).holdings.adopt(ids, conversation);
  }

  async atServer(ids: readonly AssetId[]): Promise<void> {
    await (await this.#store).holdings.atServer(ids);
  }

  async drop(ids: readonly AssetId[]): Promise<void> {
    const { holdings } = await this.#store;
    for (const id of ids) await holdings.drop(id);
  }

  async dropUnsent(ids: readonly AssetId[]): Promise<void> {
    await (await this.#store).holdings.dropUnsent(ids);
  }

  async sweep(wanted: readonly AssetId[]): Promise<void> {
    await (await this.#store).holdings.sweep(new Set(wanted));
  }

  async holdings(): Promise<readonly Holding[]> {
    return (await this.#store).holdings.all();
  }

  async #previewOf({ kind, file, poster }: MediaItem): Promise<Blob | null> {
    if (kind !== 'image' && kind !== 'video') return null;
    const picture = kind === 'image' ? file : poster;
    return picture ? this.open(picture) : null;
  }

  async #job<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.#jobs.set(name, abort);
    try {
      return await work(abort.signal);
    } finally {
      if (this.#jobs.get(name) === abort) this.#jobs.delete(name);
    }
  }

  #alone<T>(asset: AssetId, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (!('locks' in navigator)) return work();
    return navigator.locks.request(`tidings/${this.#user}/media/${asset}`, { signal }, work) as Promise<T>;
  }
}

/** Of the progress that is told of a film, so much is making it smaller. */
const shapedShare = 0.9;

async function openStore(user: UserId, kept: boolean): Promise<Store> {
  const [vault, catalogue] = await openKept(user, kept);
  return { catalogue, holdings: new Holdings({ vault, catalogue, makeId: secureId, now: () => Date.now() }) };
}

/** Both or none: bytes that nobody knows of, and knowledge of bytes that aren't there, are of no use. */
async function openKept(user: UserId, kept: boolean): Promise<readonly [Vault, Catalogue]> {
  if (kept) {
    try {
      return await Promise.all([openOpfsVault(user), openDexieCatalogue(user)]);
    } catch (error) {
      console.warn('this browser keeps no files, keeping media in memory', error);
    }
  }
  return [memoryVault(), memoryCatalogue()];
}

async function areHere(holdings: Holdings, item: MediaItem): Promise<boolean> {
  const found = await Promise.all(assetsOf([item]).map((asset) => holdings.ciphertext(asset)));
  return found.every((bytes) => bytes !== null);
}

/** Photos and recordings have no names that anybody gave them. */
const named = (item: MediaItem, name: string): MediaItem =>
  item.kind === 'document' || item.kind === 'audio' ? { ...item, name: name.slice(0, 300) } : item;

/** ASSET9: as what its bytes are. A picture of absurd size is none: whoever showed it would decode it. */
async function typed(plain: Blob): Promise<Blob> {
  const type = sniff(new Uint8Array(await plain.slice(0, sniffedBytes).arrayBuffer()));
  const harmless =
    !type.startsWith('image/') ||
    (await pictureHead(plain).then(
      () => true,
      () => false,
    ));
  return plain.slice(0, plain.size, harmless ? type : unshown);
}
