import { TidingsError } from '@tidings/api/errors';
import type { AssetId, ConversationId } from '@tidings/api/ids';
import type { EncryptedFile, MediaKind } from '@tidings/api/media';
import type { IncomingFile } from '@tidings/client/assets/download';
import { wasmAssetHash } from '@tidings/client/assets/hashing-wasm';
import { seal } from '@tidings/client/assets/seal';
import type { Catalogue, Holding } from './catalogue';
import type { Vault, VaultWriter } from './vault';

export type HoldingsParts = {
  readonly vault: Vault;
  readonly catalogue: Catalogue;
  readonly makeId: () => string;
  readonly now: () => number;
};

/** Prepared files that nobody sent are taken away after so long: the tab that had them is closed. */
const unsentMs = 24 * 3_600_000;

/** What this device has of media: bytes in the vault, and what they are in the catalogue. */
export class Holdings {
  readonly #parts: HoldingsParts;

  constructor(parts: HoldingsParts) {
    this.#parts = parts;
  }

  /** Encrypts a file into the vault. It is needed from now on, until the server has it or it is dropped. */
  async seal(
    plain: Blob,
    kind: MediaKind,
    signal: AbortSignal,
    progress: (done: number) => void,
  ): Promise<EncryptedFile> {
    const { vault, makeId } = this.#parts;
    const name = makeId();
    const writer = new RoomyWriter(await vault.append(name), (bytes) => this.makeRoom(bytes));
    try {
      const into = new WritableStream<Uint8Array>({ write: (piece) => writer.write(piece) });
      const file = await seal(plain, { makeHash: wasmAssetHash, into, signal, progress });
      await writer.close();
      await this.#put({ id: file.asset, name, state: 'here', bytes: file.bytes, kind, needed: true });
      return file;
    } catch (error) {
      await writer.close().catch(() => {});
      await vault.remove(name).catch(() => {});
      throw signal.aborted ? new TidingsError('unavailable', 'not wanted any more', { cause: error }) : error;
    }
  }

  /** A picked file that is prepared after it was sent: kept as it is until then. */
  async keepOriginal(
    id: AssetId,
    file: File,
    kind: MediaKind,
    original: NonNullable<Holding['original']>,
  ): Promise<void> {
    const { vault, makeId } = this.#parts;
    const name = makeId();
    const writer = new RoomyWriter(await vault.append(name), (bytes) => this.makeRoom(bytes));
    try {
      await file.stream().pipeTo(new WritableStream<Uint8Array>({ write: (piece) => writer.write(piece) }));
      await writer.close();
      await this.#put({ id, name, state: 'original', bytes: file.size, kind, needed: true, original });
    } catch (error) {
      await writer.close().catch(() => {});
      await vault.remove(name).catch(() => {});
      throw error;
    }
  }

  async original(id: AssetId): Promise<{ readonly file: File; readonly holding: Holding } | null> {
    const holding = await this.#parts.catalogue.get(id);
    const bytes = holding?.original && (await this.#parts.vault.read(holding.name));
    if (!bytes || !holding.original) return null;
    const { name, type } = holding.original;
    return { file: new File([bytes], name, { type }), holding };
  }

  /** The whole, checked ciphertext; `null` when it isn't here. */
  async ciphertext(id: AssetId): Promise<Blob | null> {
    const { catalogue, vault, now } = this.#parts;
    const holding = await catalogue.get(id);
    if (holding?.state !== 'here') return null;
    const bytes = await vault.read(holding.name);
    if (bytes?.size === holding.bytes) {
      await catalogue.put({ ...holding, usedAt: now() });
      return bytes;
    }
    // The browser took it away, or a crash cut it off.
    await this.drop(id);
    return null;
  }

  async has(id: AssetId): Promise<boolean> {
    const state = (await this.#parts.catalogue.get(id))?.state;
    return state === 'here' || state === 'original';
  }

  /** A place for a file that comes, with what came before. */
  async incoming(file: EncryptedFile, conversation: ConversationId, kind: MediaKind): Promise<IncomingFile> {
    const { catalogue, vault, makeId } = this.#parts;
    const before = await catalogue.get(file.asset);
    const name = before?.name ?? makeId();
    const holding = { id: file.asset, name, bytes: file.bytes, kind, conversation, needed: false } as const;
    if (!before) await this.#put({ ...holding, state: 'coming' });
    const writer = new RoomyWriter(await vault.append(name), (bytes) => this.makeRoom(bytes));
    return {
      received: async () => (await vault.read(name)) ?? new Blob([]),
      append: (bytes) => writer.write(bytes),
      finish: async () => {
        await writer.close();
        await this.#put({ ...holding, state: 'here' });
      },
      remove: async () => {
        await writer.close();
        await this.drop(file.asset);
      },
      close: () => writer.close(),
    };
  }

  /** It belongs to a message of this conversation, which needs it until the server has it. */
  async adopt(ids: readonly AssetId[], conversation: ConversationId): Promise<void> {
    for (const id of ids) await this.#change(id, { conversation, needed: true });
  }

  async atServer(ids: readonly AssetId[]): Promise<void> {
    for (const id of ids) await this.#change(id, { needed: false });
  }

  async drop(id: AssetId): Promise<void> {
    const { catalogue, vault } = this.#parts;
    const holding = await catalogue.get(id);
    if (!holding) return;
    await catalogue.drop(id);
    await vault.remove(holding.name);
  }

  /** Prepared, and not sent after all. */
  async dropUnsent(ids: readonly AssetId[]): Promise<void> {
    for (const id of ids)
      if ((await this.#parts.catalogue.get(id))?.conversation === null) await this.drop(id);
  }

  /** What tabs left that were closed in the middle of something. `wanted`: what the outbox still refers to. */
  async sweep(wanted: ReadonlySet<AssetId>): Promise<void> {
    const { catalogue, now } = this.#parts;
    for (const { id, conversation, needed, usedAt } of await catalogue.all()) {
      const isOld = now() - usedAt > unsentMs;
      if (wanted.has(id) || !needed || !isOld) continue;
      if (conversation === null) await this.drop(id);
      else await this.#change(id, { needed: false });
    }
  }

  all(): Promise<readonly Holding[]> {
    return this.#parts.catalogue.all();
  }

  /** Takes away what can be fetched again, what was used longest ago first. Answers the bytes freed. */
  async makeRoom(bytes: number): Promise<number> {
    const spare = (await this.all()).filter(({ needed, state }) => !needed && state !== 'coming');
    let freed = 0;
    for (const holding of [...spare].sort((a, b) => a.usedAt - b.usedAt)) {
      if (freed >= bytes) break;
      await this.drop(holding.id);
      freed += holding.bytes;
    }
    return freed;
  }

  async #put(
    holding: Omit<Holding, 'usedAt' | 'conversation'> & Partial<Pick<Holding, 'conversation'>>,
  ): Promise<void> {
    await this.#parts.catalogue.put({ conversation: null, ...holding, usedAt: this.#parts.now() });
  }

  async #change(id: AssetId, change: Partial<Holding>): Promise<void> {
    const holding = await this.#parts.catalogue.get(id);
    if (holding) await this.#parts.catalogue.put({ ...holding, ...change, usedAt: this.#parts.now() });
  }
}

/** More than the piece that didn't fit: the next ones want room too. */
const roomBytes = 16 * 1024 * 1024;

/** A full device makes room and tries again, as long as there is something to take away. */
class RoomyWriter implements VaultWriter {
  readonly #writer: VaultWriter;
  readonly #makeRoom: (bytes: number) => Promise<number>;
  #closed = false;

  constructor(writer: VaultWriter, makeRoom: (bytes: number) => Promise<number>) {
    this.#writer = writer;
    this.#makeRoom = makeRoom;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (;;) {
      try {
        return await this.#writer.write(bytes);
      } catch (error) {
        const isFull = error instanceof TidingsError && error.code === 'storage-full';
        if (!isFull || (await this.#makeRoom(roomBytes)) === 0) throw error;
      }
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writer.close();
  }
}
