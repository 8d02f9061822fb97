import { Readable } from 'node:stream';
import { TidingsError } from '@tidings/api/errors';
import { type Blob, type BlobStore, type Content, checkedName } from './port.ts';

/** For tests and the simulation, whose servers keep everything in memory. */
export class MemoryBlobs implements BlobStore {
  readonly #blobs = new Map<string, { bytes: Uint8Array; isFinished: boolean }>();

  async held({ name }: Blob): Promise<number> {
    return this.#blobs.get(checkedName(name))?.bytes.byteLength ?? 0;
  }

  async append({ name }: Blob, offset: number, chunks: AsyncIterable<Uint8Array>): Promise<number> {
    const before = this.#blobs.get(checkedName(name))?.bytes ?? new Uint8Array();
    const pieces = [before.subarray(0, offset)];
    for await (const chunk of chunks) pieces.push(chunk);
    const bytes = Buffer.concat(pieces);
    this.#blobs.set(name, { bytes, isFinished: false });
    return bytes.byteLength;
  }

  async finish({ name }: Blob): Promise<void> {
    const blob = this.#blobs.get(checkedName(name));
    if (!blob) throw new TidingsError('unavailable', 'there is no such blob');
    blob.isFinished = true;
  }

  async read(name: string, first: number, last: number): Promise<Content | null> {
    const blob = this.#blobs.get(checkedName(name));
    return blob?.isFinished ? Readable.from([blob.bytes.subarray(first, last + 1)]) : null;
  }

  async remove(name: string): Promise<void> {
    this.#blobs.delete(checkedName(name));
  }
}
