import { TidingsError } from '@tidings/api/errors';
import type { UserId } from '@tidings/api/ids';
import { vaultFolder } from '../names';
import type { Vault, VaultWriter } from './vault';

/**
 * In the browser's own file system for a site: a file per name. Written through synchronous handles, which workers of Chromium, Firefox and
 * Safari all have, and which append and flush in place; read as files, of which nothing is in memory before it is wanted.
 */
export async function openOpfsVault(user: UserId): Promise<Vault> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(vaultFolder(user), { create: true });
  return {
    async read(name) {
      try {
        return await (await folder.getFileHandle(name)).getFile();
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async append(name) {
      const file = await folder.getFileHandle(name, { create: true });
      return new OpfsWriter(await file.createSyncAccessHandle());
    },
    async remove(name) {
      await folder.removeEntry(name).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
  };
}

class OpfsWriter implements VaultWriter {
  readonly #handle: FileSystemSyncAccessHandle;
  #at: number;

  constructor(handle: FileSystemSyncAccessHandle) {
    this.#handle = handle;
    this.#at = handle.getSize();
  }

  async write(bytes: Uint8Array): Promise<void> {
    let written = 0;
    try {
      while (written < bytes.byteLength) {
        const count = this.#handle.write(bytes.subarray(written), { at: this.#at });
        if (count === 0) throw new DOMException('nothing was written', 'QuotaExceededError');
        written += count;
        this.#at += count;
      }
    } catch (cause) {
      throw isFull(cause) ? new TidingsError('storage-full', undefined, { cause }) : cause;
    }
  }

  async close(): Promise<void> {
    this.#handle.flush();
    this.#handle.close();
  }
}

const isMissing = (error: unknown): boolean => (error as { name?: unknown })?.name === 'NotFoundError';

const isFull = (error: unknown): boolean => (error as { name?: unknown })?.name === 'QuotaExceededError';
