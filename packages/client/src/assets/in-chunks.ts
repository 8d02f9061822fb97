type Bytes = Uint8Array<ArrayBuffer>;

/** `last`: nothing comes behind it. A stream that is empty has one empty chunk, which is the last. */
export type OnChunk = (
  chunk: Bytes,
  index: number,
  last: boolean,
  enqueue: (bytes: Bytes) => void,
) => Promise<void>;

/** Cuts a stream of bytes in pieces of any size into chunks of `size`, the last one shorter or as long, and gives on what `each` makes of them. */
export function inChunks(size: number, each: OnChunk): TransformStream<Uint8Array, Bytes> {
  const chunk = new Uint8Array(size);
  let filled = 0;
  let index = 0;
  return new TransformStream<Uint8Array, Bytes>({
    async transform(piece, controller) {
      for (let at = 0; at < piece.byteLength; ) {
        // A full chunk waits for what comes behind it: until then it may be the last.
        if (filled === size) {
          await each(chunk, index++, false, (bytes) => controller.enqueue(bytes));
          filled = 0;
        }
        const part = piece.subarray(at, at + size - filled);
        chunk.set(part, filled);
        filled += part.byteLength;
        at += part.byteLength;
      }
    },
    flush: (controller) => each(chunk.subarray(0, filled), index, true, (bytes) => controller.enqueue(bytes)),
  });
}
