import type { AssetId } from '@tidings/api/ids';

/** A decrypted file that a view can show. */
export type Opened = { readonly url: string; readonly mime: string };
export type Hold = { readonly opened: Promise<Opened>; readonly now: Opened | null; release(): void };

type Entry = { opened: Promise<Opened>; now: Opened | null; holders: number };

/** So many that nobody shows any more stay, so that scrolling back doesn't decrypt anew. */
const mostUnheld = 48;
/** The one that was let go last stands last. */
const entries = new Map<AssetId, Entry>();

/** The `blob:` URL of a file, one for all who show it; it lasts until the last of them lets go, and a while longer. */
export function holdUrl(asset: AssetId, open: () => Promise<Blob>): Hold {
  const entry = entries.get(asset) ?? enter(asset, open);
  entry.holders += 1;
  let held = true;
  return {
    opened: entry.opened,
    get now() {
      return entry.now;
    },
    release() {
      if (!held) return;
      held = false;
      entry.holders -= 1;
      if (entry.holders > 0 || entries.get(asset) !== entry) return;
      entries.delete(asset);
      entries.set(asset, entry);
      dropOldest();
    },
  };
}

/** What is decrypted already, without holding it: for a first rendering without a blink. */
export const knownUrl = (asset: AssetId): Opened | null => entries.get(asset)?.now ?? null;

function enter(asset: AssetId, open: () => Promise<Blob>): Entry {
  const opened = open().then((blob) => {
    entry.now = { url: URL.createObjectURL(blob), mime: blob.type };
    return entry.now;
  });
  const entry: Entry = { opened, now: null, holders: 0 };
  entries.set(asset, entry);
  // The next who asks tries again.
  opened.catch(() => entries.get(asset) === entry && entries.delete(asset));
  return entry;
}

function dropOldest(): void {
  const unheld = [...entries].filter(([, entry]) => entry.holders === 0 && entry.now);
  for (const [asset, { now }] of unheld.slice(0, Math.max(0, unheld.length - mostUnheld))) {
    entries.delete(asset);
    if (now) URL.revokeObjectURL(now.url);
  }
}
