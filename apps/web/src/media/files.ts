import type { AssetId, ConversationId } from '@tidings/api/ids';
import type { EncryptedFile, MediaKind } from '@tidings/api/media';
import type { Links } from '@tidings/client/assets/links';
import { proxy } from 'comlink';
import type { NewsBoard } from './media-news';
import type { FileState } from './port';
import { codeOf } from './preparations';
import { withProgress } from './progress';
import { isProvisional } from './provisional';
import { Cell } from './readable';
import type { MediaWorkerLink } from './start-worker';

export type FilesParts = {
  readonly worker: MediaWorkerLink['calls'];
  readonly links: Links;
  readonly news: () => NewsBoard;
};

const absent: FileState = { type: 'absent' };
const here: FileState = { type: 'here' };

/** The files that messages carry: which are on this device, and how those come that aren't. */
export class Files {
  readonly #parts: FilesParts;
  readonly #cells = new Map<AssetId, Cell<FileState>>();
  readonly #coming = new Map<AssetId, Promise<void>>();
  readonly #cancelled = new Set<AssetId>();

  constructor(parts: FilesParts) {
    this.#parts = parts;
  }

  state(file: EncryptedFile): Cell<FileState> {
    const known = this.#cells.get(file.asset);
    if (known) return known;
    const cell = new Cell<FileState>(isProvisional(file) ? here : absent);
    this.#cells.set(file.asset, cell);
    void this.#parts.worker.has(file.asset).then((has) => {
      if (has && cell.get().type === 'absent') cell.set(here);
    });
    return cell;
  }

  isComing(asset: AssetId): boolean {
    return this.#coming.has(asset);
  }

  /** Resolves when it is here; rejects as the download does. */
  fetch(conversation: ConversationId, file: EncryptedFile, kind: MediaKind): Promise<void> {
    const coming = this.#coming.get(file.asset) ?? this.#begin(conversation, file, kind);
    this.#coming.set(file.asset, coming);
    return coming;
  }

  cancel({ asset }: EncryptedFile): void {
    if (!this.#coming.has(asset)) return;
    this.#cancelled.add(asset);
    void this.#parts.worker.cancel(asset);
  }

  /** A link for the page or its workers. */
  link =
    (conversation: ConversationId, { asset }: EncryptedFile) =>
    async (renew: boolean): Promise<string> => {
      const { links } = this.#parts;
      if (renew) links.forget(conversation, asset);
      return new URL(await links.link(conversation, asset), location.href).href;
    };

  hear(here: boolean, assets: readonly AssetId[]): void {
    for (const asset of assets) this.#cells.get(asset)?.set({ type: here ? 'here' : 'absent' });
  }

  async #begin(conversation: ConversationId, file: EncryptedFile, kind: MediaKind): Promise<void> {
    const { worker, news } = this.#parts;
    const cell = this.state(file);
    try {
      if (await worker.has(file.asset)) return cell.set(here);
      const total = file.bytes;
      cell.set({ type: 'fetching', received: 0, total });
      const link = this.link(conversation, file);
      await withProgress(
        (received: number) => cell.set({ type: 'fetching', received, total }),
        (progress) => worker.fetch(file, conversation, kind, proxy({ progress, link })),
      );
      cell.set(here);
      news().tell({ type: 'here', asset: file.asset });
    } catch (error) {
      cell.set(this.#cancelled.has(file.asset) ? absent : { type: 'failed', code: codeOf(error) });
      throw error;
    } finally {
      this.#coming.delete(file.asset);
      this.#cancelled.delete(file.asset);
    }
  }
}
