import type { Vault } from './vault';

/** Where the browser keeps nothing: as long as the tab is open. Blobs, so that the browser may move them to its disk. */
export function memoryVault(): Vault {
  const blobs = new Map<string, Blob>();
  return {
    read: async (name) => blobs.get(name) ?? null,
    append: async (name) => {
      const pieces: BlobPart[] = [];
      const join = () => {
        blobs.set(name, new Blob([blobs.get(name) ?? '', ...pieces.splice(0)]));
      };
      return {
        write: async (bytes) => {
          pieces.push(bytes.slice());
          if (pieces.length >= 64) join();
        },
        close: async () => join(),
      };
    },
    remove: async (name) => void blobs.delete(name),
  };
}
