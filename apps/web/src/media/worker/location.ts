/**
 * Where a photo was taken, carried from one JPEG into another: of the EXIF data the part with the position, and nothing else. EXIF is a TIFF file
 * in an APP1 segment: a directory of entries of 12 bytes, of which entry 0x8825 points to the directory with the position.
 */

const exif = 'Exif\0\0';
const gpsPointer = 0x8825;
/** Bytes of one value of each TIFF type. */
const widths: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** The APP1 segment that holds the position alone; `null` when `jpeg` has none. */
export function locationOf(jpeg: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const tiff = tiffIn(jpeg);
  try {
    return tiff && locationIn(tiff);
  } catch (error) {
    // Entries that point outside: then it has none.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The JPEG with an APP1 segment. */
export const withSegment = (jpeg: Blob, segment: Uint8Array<ArrayBuffer>): Blob =>
  new Blob([jpeg.slice(0, 2), segment, jpeg.slice(2)], { type: jpeg.type });

function tiffIn(jpeg: Uint8Array): Uint8Array | null {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  if (jpeg.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 4 <= jpeg.byteLength; ) {
    const marker = view.getUint16(at);
    // Behind the start of the scan there are no segments any more.
    if (marker >> 8 !== 0xff || marker === 0xffda) return null;
    const length = view.getUint16(at + 2);
    const body = jpeg.subarray(at + 4, at + 2 + length);
    if (marker === 0xffe1 && String.fromCharCode(...body.subarray(0, 6)) === exif) return body.subarray(6);
    at += 2 + length;
  }
  return null;
}

type Entry = {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: Uint8Array;
};

function locationIn(tiff: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = view.getUint16(0) === 0x4949;
  const first = entriesAt(view, view.getUint32(4, little), little);
  const pointer = first.find(({ tag }) => tag === gpsPointer);
  if (!pointer) return null;
  const at = new DataView(pointer.value.buffer, pointer.value.byteOffset).getUint32(0, little);
  const entries = entriesAt(view, at, little);
  return entries.length > 0 ? segmentOf(entries, little) : null;
}

function entriesAt(view: DataView, at: number, little: boolean): Entry[] {
  return Array.from({ length: view.getUint16(at, little) }, (_, index) => {
    const entry = at + 2 + index * 12;
    const type = view.getUint16(entry + 2, little);
    const count = view.getUint32(entry + 4, little);
    const bytes = (widths[type] ?? 0) * count;
    const from = bytes <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
    if (from + bytes > view.byteLength) throw new RangeError('an entry that points outside');
    return {
      tag: view.getUint16(entry, little),
      type,
      count,
      value: new Uint8Array(view.buffer, view.byteOffset + from, bytes),
    };
  });
}

/** Where the one entry of the first directory points to: behind the header (8) and that directory (2 + 12 + 4). */
const gpsAt = 26;

function segmentOf(entries: readonly Entry[], little: boolean): Uint8Array<ArrayBuffer> {
  const dataAt = gpsAt + 2 + entries.length * 12 + 4;
  const size =
    dataAt + entries.reduce((sum, { value }) => sum + (value.byteLength > 4 ? value.byteLength : 0), 0);
  const segment = new Uint8Array(4 + exif.length + size);
  const frame = new DataView(segment.buffer);
  frame.setUint16(0, 0xffe1);
  frame.setUint16(2, segment.byteLength - 2);
  segment.set(
    [...exif].map((character) => character.charCodeAt(0)),
    4,
  );
  const tiff = new DataView(segment.buffer, 4 + exif.length);
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  tiff.setUint16(8, 1, little);
  putHead(tiff, 10, { tag: gpsPointer, type: 4, count: 1 }, little);
  tiff.setUint32(18, gpsAt, little);
  tiff.setUint16(gpsAt, entries.length, little);
  let data = dataAt;
  entries.forEach((entry, index) => {
    const at = gpsAt + 2 + index * 12;
    putHead(tiff, at, entry, little);
    const isLong = entry.value.byteLength > 4;
    if (isLong) tiff.setUint32(at + 8, data, little);
    segment.set(entry.value, tiff.byteOffset + (isLong ? data : at + 8));
    if (isLong) data += entry.value.byteLength;
  });
  return segment;
}

function putHead(
  tiff: DataView,
  at: number,
  { tag, type, count }: Omit<Entry, 'value'>,
  little: boolean,
): void {
  tiff.setUint16(at, tag, little);
  tiff.setUint16(at + 2, type, little);
  tiff.setUint32(at + 4, count, little);
}
