import type { Content } from '../blob-store/port.ts';

/** All of it; each piece is copied, since its memory is used for another one next. */
export async function copied(content: Content | null): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content ?? []) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
