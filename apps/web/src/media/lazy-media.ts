import type { AssetId } from '@tidings/api/ids';
import { autoFetchRules } from './auto-fetch-rules';
import type { DeviceMedia } from './device-media';
import { kindOf } from './kind-of';
import { lateReadable } from './late-readable';
import type { AutoFetchRules, FileState, Media, Preparation, PreparationState, Readable } from './port';

export type LazyMedia = Media &
  Pick<DeviceMedia, 'deviceAssets'> & {
    loaded(): Promise<DeviceMedia>;
    close(): Promise<void>;
  };

/**
 * {@link Media} of which nothing is loaded before the page has painted and something of it is wanted. Short, since all of it is there at the
 * start (docs/adr/0014-what-a-page-starts-with.md).
 */
export function lazyMedia(load: (rules: AutoFetchRules) => Promise<DeviceMedia>): LazyMedia {
  const rules = autoFetchRules();
  const files = new Map<AssetId, Readable<FileState>>();
  const begun = new WeakMap<Preparation, Promise<Preparation>>();
  let loading: Promise<DeviceMedia> | null = null;

  // Code that couldn't be loaded is tried again by who wants it next.
  const loaded = () => {
    loading ??= load(rules).catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
  const later =
    <Input extends readonly unknown[], Output>(call: (media: DeviceMedia, ...input: Input) => Output) =>
    async (...input: Input): Promise<Awaited<Output>> =>
      await call(await loaded(), ...input);

  return {
    ...{ rules, loaded },
    prepare(file, wish) {
      const made = later((media) => media.prepare(file, wish))();
      const state = lateReadable<PreparationState>(
        { type: 'working', fraction: 0, preview: null },
        made.then((it) => it.state),
      );
      const discard = () => void made.then((it) => it.discard());
      const preparation = { id: crypto.randomUUID(), file, kind: kindOf(file.type, wish), state, discard };
      begun.set(preparation, made);
      return preparation;
    },
    send: later(async (media, chat, preparations, caption) =>
      media.send(chat, await Promise.all(preparations.map((it) => begun.get(it) ?? it)), caption),
    ),
    sending: (client) => lateReadable(null, later((media) => media.sending(client))()),
    file(file) {
      const known = files.get(file.asset);
      const readable = known ?? lateReadable({ type: 'absent' }, later((media) => media.file(file))());
      files.set(file.asset, readable);
      return readable;
    },
    fetch: later((media, ...input) => media.fetch(...input)),
    cancelFetch: later((media, file) => media.cancelFetch(file)),
    open: later((media, ...input) => media.open(...input)),
    stream: later((media, ...input) => media.stream(...input)),
    usage: later((media) => media.usage()),
    free: later((media, what) => media.free(what)),
    deviceAssets: later((media) => media.deviceAssets()),
    close: async () => (await loading?.catch(() => null))?.close(),
  };
}
