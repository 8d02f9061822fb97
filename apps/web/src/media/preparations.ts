import { errorCodes, TidingsError } from '@tidings/api/errors';
import type { AssetId } from '@tidings/api/ids';
import { assetsOf, type MediaItem, type MediaKind } from '@tidings/api/media';
import { proxy } from 'comlink';
import { kindOf } from './kind-of';
import type { Preparation, PreparationState, PrepareWish } from './port';
import { withProgress } from './progress';
import { Cell } from './readable';
import type { MediaWorkerLink } from './start-worker';
import type { PrepareHooks } from './worker/media-worker';

export type PreparationParts = {
  readonly worker: MediaWorkerLink['calls'];
  readonly makeId: () => string;
  readonly atServer: PrepareHooks['atServer'];
  /** Rejects with the code of what is wrong with a file of so many bytes. */
  readonly admit: (bytes: number) => Promise<void>;
};

/** A picked file on its way to be sent. */
export type Prepared = Preparation & {
  readonly wish: PrepareWish;
  readonly result: Promise<MediaItem>;
  /** Once it is there. */
  readonly item: () => MediaItem | null;
};

/** Files that are made ready; two of the same share what is made of them, which goes when none of them wants it any more. */
export class Preparations {
  readonly #parts: PreparationParts;
  readonly #wanted = new Map<AssetId, number>();

  constructor(parts: PreparationParts) {
    this.#parts = parts;
  }

  begin(file: File, wish: PrepareWish, kind: MediaKind = kindOf(file.type, wish)): Prepared {
    const { worker, makeId } = this.#parts;
    const id = makeId();
    const state = new Cell<PreparationState>({ type: 'working', fraction: 0, preview: null });
    let item: MediaItem | null = null;
    let discarded = false;
    const result = this.#prepare(id, file, kind, wish, state).then((made) => {
      item = made;
      if (discarded) this.#leave(made);
      return made;
    });
    result.catch((error: unknown) => state.set({ type: 'refused', code: codeOf(error) }));
    return {
      ...{ id, file, kind, wish, state, result },
      item: () => item,
      discard: () => {
        if (discarded) return;
        discarded = true;
        void worker.cancel(id);
        const { preview = null } = { preview: null, ...state.get() };
        if (preview) URL.revokeObjectURL(preview);
        if (item) this.#leave(item);
      },
    };
  }

  async #prepare(
    job: string,
    file: File,
    kind: MediaKind,
    wish: PrepareWish,
    state: Cell<PreparationState>,
  ): Promise<MediaItem> {
    const { worker, atServer, admit } = this.#parts;
    if (kind === 'document') await admit(file.size);
    const { item, preview } = await withProgress(
      (fraction: number) => state.set({ type: 'working', fraction, preview: null }),
      (progress) => worker.prepare(job, file, kind, wish, proxy({ progress, atServer })),
    );
    for (const asset of assetsOf([item])) this.#wanted.set(asset, (this.#wanted.get(asset) ?? 0) + 1);
    await admit(item.file.bytes);
    const { width, height, durationMs, waveform } = item;
    state.set({
      type: 'ready',
      preview: preview && URL.createObjectURL(preview),
      size: item.file.size,
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
      ...(durationMs !== undefined && { durationMs }),
      ...(waveform !== undefined && { waveform }),
    });
    return item;
  }

  #leave(item: MediaItem): void {
    const unwanted = assetsOf([item]).filter((asset) => {
      const rest = (this.#wanted.get(asset) ?? 1) - 1;
      this.#wanted.set(asset, rest);
      return rest <= 0;
    });
    void this.#parts.worker.dropUnsent(unwanted);
  }
}

export const codeOf = (error: unknown) =>
  error instanceof TidingsError && errorCodes.includes(error.code) ? error.code : 'internal';
