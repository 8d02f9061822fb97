import type { AssetId, ClientId, ConversationId } from '@tidings/api/ids';
import type { DeviceAssets } from '@tidings/client/assets/uploads';
import { autoFetchRules } from './auto-fetch-rules';
import type { DeviceMedia } from './device-media';
import { kindOf } from './kind-of';
import type {
  FileState,
  Media,
  Preparation,
  PreparationState,
  PrepareWish,
  Readable,
  SendingState,
} from './port';
import { lateReadable } from './readable';

/** {@link Media} of which nothing is loaded before the page has painted and something of it is wanted. */
export class LazyMedia implements Media {
  readonly rules = autoFetchRules();
  readonly #load: () => Promise<DeviceMedia>;
  readonly #files = new Map<AssetId, Readable<FileState>>();
  readonly #prepared = new WeakMap<Preparation, Promise<Preparation>>();
  #loading: Promise<DeviceMedia> | null = null;

  constructor(load: (rules: LazyMedia['rules']) => Promise<DeviceMedia>) {
    this.#load = () => load(this.rules);
  }

  /** Code that couldn't be loaded is tried again by who wants it next. */
  readonly loaded = (): Promise<DeviceMedia> => {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  };

  prepare(file: File, wish: PrepareWish): Preparation {
    const later = this.loaded().then((media) => media.prepare(file, wish));
    const first: PreparationState = { type: 'working', fraction: 0, preview: null };
    const preparation: Preparation = {
      id: crypto.randomUUID(),
      ...{ file, kind: kindOf(file.type, wish) },
      state: lateReadable(
        first,
        later.then(({ state }) => state),
      ),
      discard: () => void later.then((begun) => begun.discard()),
    };
    this.#prepared.set(preparation, later);
    return preparation;
  }

  async send(
    conversation: ConversationId,
    preparations: readonly Preparation[],
    caption: Parameters<Media['send']>[2],
  ) {
    const begun = preparations.map((preparation) => this.#prepared.get(preparation) ?? preparation);
    return (await this.loaded()).send(conversation, await Promise.all(begun), caption);
  }

  sending(client: ClientId): Readable<SendingState | null> {
    return lateReadable(
      null,
      this.loaded().then((media) => media.sending(client)),
    );
  }

  file(file: Parameters<Media['file']>[0]): Readable<FileState> {
    let readable = this.#files.get(file.asset);
    if (!readable) {
      readable = lateReadable<FileState>(
        { type: 'absent' },
        this.loaded().then((media) => media.file(file)),
      );
      this.#files.set(file.asset, readable);
    }
    return readable;
  }

  fetch(...args: Parameters<Media['fetch']>): void {
    void this.loaded().then((media) => media.fetch(...args));
  }

  cancelFetch(...args: Parameters<Media['cancelFetch']>): void {
    void this.loaded().then((media) => media.cancelFetch(...args));
  }

  open = async (...args: Parameters<Media['open']>) => (await this.loaded()).open(...args);
  stream = async (...args: Parameters<Media['stream']>) => (await this.loaded()).stream(...args);
  usage = async () => (await this.loaded()).usage();
  free = async (...args: Parameters<Media['free']>) => (await this.loaded()).free(...args);

  readonly deviceAssets = async (): Promise<DeviceAssets> => (await this.loaded()).deviceAssets();

  async close(): Promise<void> {
    (await this.#loading?.catch(() => null))?.close();
  }
}
