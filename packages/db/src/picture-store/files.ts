import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PictureId, pictureId } from '@tidings/api/ids';
import { diskFailure, syncFolder } from '../disk.ts';
import type { PictureStore } from './port.ts';

/** A file per picture under `folder`, in subfolders by the first two digits of its id; readable by their owner only. */
export class FilePictures implements PictureStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Written aside and renamed: a picture is there whole or not at all. */
  async put(bytes: Uint8Array): Promise<PictureId> {
    const id = pictureId(createHash('sha256').update(bytes).digest('hex'));
    const path = this.#pathOf(id);
    const aside = `${path}.${randomUUID()}`;
    try {
      const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeDurably(aside, bytes);
      await rename(aside, path);
      await syncFolder(dirname(path));
      if (made) await syncFolder(dirname(dirname(path)));
    } catch (error) {
      await rm(aside, { force: true }).catch(() => {});
      throw failure(error);
    }
    return id;
  }

  async get(id: PictureId): Promise<Uint8Array | null> {
    try {
      return await readFile(this.#pathOf(id));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw failure(error);
    }
  }

  #pathOf(id: PictureId): string {
    return join(this.#folder, id.slice(0, 2), id);
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

const failure = (error: unknown) => diskFailure(error, 'the pictures');
