/**
 * Bytes on this device, by name. Written by a media worker, one writer per name at a time; a name is never written again once it is whole.
 * What was flushed outlives the page. A device without room rejects with `storage-full` (`TidingsError`).
 */
export interface Vault {
  /** What is there of it; `null` when there is nothing. */
  read(name: string): Promise<Blob | null>;
  /** Goes on behind what is there. */
  append(name: string): Promise<VaultWriter>;
  remove(name: string): Promise<void>;
}

export interface VaultWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** What was written outlives the page when it answers. */
  close(): Promise<void>;
}
