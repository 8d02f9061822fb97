/** Whether a picture moves (GIF, animated WebP or PNG), by its beginning: then it is sent as it is. */
export function moves(type: string, head: Uint8Array): boolean {
  switch (type) {
    case 'image/gif':
      return true;
    case 'image/webp':
      return text(head, 12, 4) === 'VP8X' && ((head[20] ?? 0) & 0b10) !== 0;
    case 'image/png':
      return hasControlChunk(head);
    default:
      return false;
  }
}

/** `acTL` stands before the first `IDAT` of an animated PNG. */
function hasControlChunk(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let at = 8; at + 8 <= head.byteLength; at += 12 + view.getUint32(at)) {
    const name = text(head, at + 4, 4);
    if (name === 'acTL') return true;
    if (name === 'IDAT') return false;
  }
  return false;
}

const text = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
