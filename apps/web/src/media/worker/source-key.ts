import type { MediaKind } from '@tidings/api/media';
import { createBLAKE2b } from 'hash-wasm';
import type { PrepareWish } from '../port';

/** Grows when files are made ready in another way than before: what was sent the old way is made anew. */
const edition = 1;

/** ASSET11: names a file's bytes and how they are sent. */
export async function sourceKey(
  file: Blob,
  kind: MediaKind,
  wish: PrepareWish,
  signal: AbortSignal,
): Promise<string> {
  const hash = await createBLAKE2b(256);
  hash.init();
  const into = new WritableStream<Uint8Array>({ write: (piece) => void hash.update(piece) });
  await file.stream().pipeTo(into, { signal });
  return [edition, kind, wish.keepLocation ? 'located' : 'plain', hash.digest('hex')].join('/');
}
