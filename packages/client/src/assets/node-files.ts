import { systemClock } from '@tidings/api/clock';
import type { AssetId, ConversationId } from '@tidings/api/ids';
import type { EncryptedFile, MediaItem } from '@tidings/api/media';
import { paths } from '@tidings/api/protocol';
import { decryption } from './cipher.ts';
import { download, type IncomingFile } from './download.ts';
import { nodeAssetHash } from './hashing-node.ts';
import { type AskLinks, Links } from './links.ts';
import { seal } from './seal.ts';
import { tusCarrier } from './tus-carrier.ts';
import type { DeviceAssets } from './uploads.ts';

/** What a program says of a file that it sends; what it doesn't say isn't looked for. */
export type FileDescription = Omit<MediaItem, 'file' | 'poster'> & { readonly poster?: Blob | undefined };

/**
 * The files of a program outside of a browser, in its memory: what it sends stays until the server has it, what it fetches is its own to keep.
 * `fs.openAsBlob` gives blobs that stay on the disk.
 */
export class NodeFiles {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #sealed = new Map<AssetId, Blob>();
  readonly #links: Links;

  constructor(url: string, cookie: string, askLinks: AskLinks) {
    this.#url = url;
    this.#headers = { cookie, origin: new URL(url).origin };
    this.#links = new Links(askLinks, systemClock);
  }

  /** Encrypts a file, to be sent in a message's content: as it is, so whoever wants it smaller makes it smaller before. */
  async add(plain: Blob, { poster, ...described }: FileDescription): Promise<MediaItem> {
    const file = await this.#seal(plain);
    return { ...described, file, ...(poster && { poster: await this.#seal(poster) }) };
  }

  /** A received file, decrypted and checked. Rejects as {@link download} does. */
  async fetch(
    conversation: ConversationId,
    file: EncryptedFile,
    signal = new AbortController().signal,
  ): Promise<Blob> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const into: IncomingFile = {
      received: async () => new Blob([]),
      append: async (bytes) => void parts.push(bytes.slice()),
      finish: async () => {},
      remove: async () => {},
      close: async () => {},
    };
    const link = async (renew: boolean) => {
      if (renew) this.#links.forget(conversation, file.asset);
      return new URL(await this.#links.link(conversation, file.asset), this.#url).href;
    };
    const { clock, random } = { clock: systemClock, random: Math.random };
    await download({ file, into, link, makeHash: nodeAssetHash, clock, random, signal });
    return new Response(new Blob(parts).stream().pipeThrough(decryption(file.key, file.size))).blob();
  }

  /** For the engine. */
  readonly assets = async (): Promise<DeviceAssets> => ({
    ciphertext: async (asset) => this.#sealed.get(asset) ?? null,
    carrier: tusCarrier({
      endpoint: new URL(paths.uploads, this.#url).href,
      headers: this.#headers,
      inBuffers: true,
    }),
    there: (assets) => {
      for (const { id } of assets) this.#sealed.delete(id);
    },
  });

  async #seal(plain: Blob): Promise<EncryptedFile> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const into = new WritableStream<Uint8Array>({ write: (piece) => void parts.push(piece.slice()) });
    const file = await seal(plain, { makeHash: nodeAssetHash, into });
    this.#sealed.set(file.asset, new Blob(parts));
    return file;
  }
}
