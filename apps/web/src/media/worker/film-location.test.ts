import { expect, test } from 'vitest';
import { withoutLocation } from './film-location';

const box = (name: string, ...bodies: (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(
    bodies.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.byteLength + 8);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, body]);
};
const read = async (film: Blob) => Buffer.from(await film.arrayBuffer());

test('where a film was taken is blanked in it, as phones write it, and nothing else changes', async () => {
  const place = '+52.5200+013.4050+034.500/';
  const before = [box('ftyp', 'isom'), box('mdat', `frames ${place}`)];
  const tags = (text: string) =>
    box('moov', box('mvhd', 'header'), box('udta', box('\xa9xyz', text), box('\xa9nam', 'A name')));
  const film = new Blob([new Uint8Array(Buffer.concat([...before, tags(place)]))], { type: 'video/mp4' });
  const expected = Buffer.concat([...before, tags('\0'.repeat(place.length))]);
  expect(Buffer.compare(await read(await withoutLocation(film)), expected)).toBe(0);
});

test('also as 3GPP writes it, in numbers', async () => {
  const moov = (body: Buffer) => new Uint8Array(box('moov', box('udta', box('loci', body))));
  const film = new Blob([moov(Buffer.from('0000eng\0Home\0\x01\x02\x03\x04\x05\x06', 'latin1'))]);
  expect(Buffer.compare(await read(await withoutLocation(film)), moov(Buffer.alloc(19)))).toBe(0);
});

test.each([
  ['without one', Buffer.concat([box('ftyp', 'isom'), box('moov', box('mvhd', 'x'))])],
  ['that is no MP4', Buffer.from('\x1a\x45\xdf\xa3 a matroska film, long enough', 'latin1')],
  [
    'that is broken',
    Buffer.concat([box('ftyp', 'isom'), Buffer.from([0, 0, 0, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])]),
  ],
  ['that is empty', Buffer.alloc(0)],
])('a film %s stays the same', async (_, bytes) => {
  const film = new Blob([new Uint8Array(bytes)]);
  expect(await withoutLocation(film)).toBe(film);
});
