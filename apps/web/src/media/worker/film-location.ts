/** An MP4's boxes: 4 bytes of length, 4 of name; a length of 1 is followed by one of 8 bytes. */
type Box = { readonly name: string; readonly at: number; readonly size: number };

/** The box with everything but the film itself; larger ones are left alone, as no camera makes them. */
const mostHeadBytes = 64 * 1024 * 1024;
/** A position as ISO 6709 writes it, in the tags of phones: `+52.5200+013.4050/`. */
const position =
  /[+-]\d{2}(\d{2}){0,2}(\.\d+)?[+-]\d{3}(\d{2}){0,2}(\.\d+)?([+-]\d+(\.\d+)?)?(CRS[A-Z0-9_]+)?\//g;

/** An MP4 or QuickTime film in which zeros stand where it said where it was taken: nothing else of it changes, not even its length. */
export async function withoutLocation(film: Blob): Promise<Blob> {
  const head = await headOf(film);
  if (!head) return film;
  const bytes = new Uint8Array(await film.slice(head.at, head.at + head.size).arrayBuffer());
  if (!blank(bytes)) return film;
  return new Blob([film.slice(0, head.at), bytes, film.slice(head.at + head.size)], { type: film.type });
}

async function headOf(film: Blob): Promise<Box | null> {
  for (let at = 0; at + 16 <= film.size; ) {
    const box = boxAt(new DataView(await film.slice(at, at + 16).arrayBuffer()), at, film.size - at);
    if (!box) return null;
    if (box.name === 'moov') return box.size <= mostHeadBytes ? box : null;
    at += box.size;
  }
  return null;
}

function boxAt(view: DataView, at: number, rest: number): Box | null {
  const short = view.getUint32(0);
  const size = short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? rest : short;
  const name = String.fromCharCode(view.getUint8(4), view.getUint8(5), view.getUint8(6), view.getUint8(7));
  return size < 8 || size > rest ? null : { name, at, size };
}

function blank(head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head);
  let found = false;
  const zero = (from: number, to: number) => {
    head.fill(0, from, to);
    found = true;
  };
  for (const match of text.matchAll(position)) zero(match.index, match.index + match[0].length);
  // 3GPP writes it in numbers: all of that box but its length and name.
  for (let at = text.indexOf('loci'); at >= 4; at = text.indexOf('loci', at + 4)) {
    const size = new DataView(head.buffer, head.byteOffset).getUint32(at - 4);
    if (size >= 16 && size <= 1_024 && at - 4 + size <= head.byteLength) zero(at + 4, at - 4 + size);
  }
  return found;
}
