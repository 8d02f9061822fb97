import type { ClientId } from '@tidings/api/ids';
import type { OutboxItem } from '../local-store.ts';
import type { Api } from '../transport.ts';
import type { DeviceAssets, UploadParts, Uploads } from './uploads.ts';

/** {@link Uploads} of which nothing is loaded before there is something to upload. */
export class LazyUploads {
  readonly #load: () => Promise<Uploads>;
  #loading: Promise<Uploads> | null = null;
  #api: Api | null = null;

  constructor(assets: () => Promise<DeviceAssets>, parts: Omit<UploadParts, keyof DeviceAssets>) {
    this.#load = async () => {
      const [device, { Uploads }] = await Promise.all([assets(), import('./uploads.ts')]);
      return new Uploads({ ...device, ...parts });
    };
  }

  look(items: readonly OutboxItem[], api: Api): void {
    this.#api = api;
    if (items.length === 0) return;
    this.#loading ??= this.#load();
    this.#loading.then(
      (uploads) => this.#api === api && uploads.look(items, api),
      // Code that couldn't be loaded is tried with the next look.
      () => {
        this.#loading = null;
      },
    );
  }

  cancel(client: ClientId): void {
    void this.#loading?.then((uploads) => uploads.cancel(client));
  }

  close(): void {
    this.#api = null;
    void this.#loading?.then((uploads) => uploads.close());
  }
}
