import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskFailure, syncFolder } from '../disk.ts';
import { type Blob, type BlobStore, type Content, checkedName } from './port.ts';

/** What is gathered before it is written: few calls to the system, and little memory for each upload. */
const writeBytes = 256 * 1024;
const readBytes = 256 * 1024;

/**
 * A file per blob under `folder`, in subfolders by the first two characters of its name, readable by its owner only; `….part` until
 * it is finished.
 */
export class FileBlobs implements BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Bytes may be in the file and not yet on the disk, after a crash: they are before they are counted. */
  async held({ name }: Blob): Promise<number> {
    const finished = await sizeOf(this.#path(name));
    if (finished !== null) return finished;
    const file = await opened(this.#part(name), 'r+');
    if (!file) return 0;
    return using(file, async () => {
      await file.datasync();
      return (await file.stat()).size;
    });
  }

  async append({ name }: Blob, offset: number, chunks: AsyncIterable<Uint8Array>): Promise<number> {
    try {
      const file = await this.#openPart(name);
      return await using(file, async () => {
        const written = await write(file, offset, chunks);
        await file.datasync();
        return offset + written;
      });
    } catch (error) {
      throw failure(error);
    }
  }

  async finish({ name }: Blob): Promise<void> {
    try {
      await rename(this.#part(name), this.#path(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || (await sizeOf(this.#path(name))) === null)
        throw failure(error);
    }
    await syncFolder(dirname(this.#path(name))).catch(fail);
  }

  async read(name: string, first: number, last: number): Promise<Content | null> {
    const file = await opened(this.#path(name), 'r');
    return file && pieces(file, first, last);
  }

  async remove(name: string): Promise<void> {
    for (const path of [this.#part(name), this.#path(name)]) await rm(path, { force: true }).catch(fail);
  }

  async #openPart(name: string): Promise<FileHandle> {
    const path = this.#part(name);
    const known = await opened(path, 'r+');
    if (known) return known;
    const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'w+', 0o600);
    await syncFolder(dirname(path));
    if (made) await syncFolder(dirname(dirname(path)));
    return file;
  }

  #path(name: string): string {
    return join(this.#folder, checkedName(name).slice(0, 2), name);
  }

  #part(name: string): string {
    return `${this.#path(name)}.part`;
  }
}

/** While one piece is being written the next is gathered; a source waits for both. */
async function write(file: FileHandle, offset: number, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let position = offset;
  let writing: Promise<unknown> = Promise.resolve();
  let gathered: Uint8Array[] = [];
  let size = 0;
  const flush = async () => {
    const [piece, at] = [gathered, position];
    position += size;
    gathered = [];
    size = 0;
    await writing;
    writing = file.writev(piece, at);
    // It is awaited later: until then a failure must not count as unhandled.
    writing.catch(() => {});
  };
  for await (const chunk of chunks) {
    gathered.push(chunk);
    size += chunk.byteLength;
    if (size >= writeBytes) await flush();
  }
  if (size > 0) await flush();
  await writing;
  return position - offset;
}

/** While one piece is with whoever reads, the next is fetched; two pieces of memory serve for all. */
async function* pieces(file: FileHandle, first: number, last: number): AsyncGenerator<Uint8Array> {
  const size = Math.min(readBytes, last - first + 1);
  const memory = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)] as const;
  const fetch = async (at: number, into: Buffer): Promise<Buffer> => {
    const { bytesRead } = await file.read(into, 0, Math.min(size, last - at + 1), at);
    return into.subarray(0, bytesRead);
  };
  let next = fetch(first, memory[0]);
  try {
    for (let at = first, turn = 1; at <= last; turn = 1 - turn) {
      const piece = await next;
      if (piece.byteLength === 0) return;
      at += piece.byteLength;
      if (at <= last) next = fetch(at, memory[turn] as Buffer);
      // It is awaited in the next turn: until then a failure must not count as unhandled.
      next.catch(() => {});
      yield piece;
    }
  } catch (error) {
    throw failure(error);
  } finally {
    await next.catch(() => {});
    await file.close();
  }
}

async function using<T>(file: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failure(error);
  } finally {
    await file.close();
  }
}

async function opened(path: string, flags: string): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    return absent(error);
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    return absent(error);
  }
}

function absent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw failure(error);
}

const failure = (error: unknown) => diskFailure(error, 'the blobs');

const fail = (error: unknown): never => {
  throw failure(error);
};
