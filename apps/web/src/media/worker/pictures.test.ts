import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { locationOf, withSegment } from './location';
import { moves } from './moving';
import { pictureHead } from './picture-size';

const picture = (width = 40, height = 30) =>
  sharp({ create: { width, height, channels: 3, background: '#c33' } });
const located = () =>
  picture()
    .jpeg()
    .withExif({
      IFD0: { Make: 'Camera', Copyright: 'Ann Archer' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '52/1 30/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '13/1 24/1 0/1',
      },
    })
    .toBuffer();

describe('the place where a photo was taken', () => {
  test('is carried over alone, and what reads EXIF finds it there', async () => {
    const segment = locationOf(await located());
    expect(segment).not.toBeNull();
    const plain = new Blob([new Uint8Array(await picture().jpeg().toBuffer())], { type: 'image/jpeg' });
    const kept = withSegment(plain, segment as Uint8Array<ArrayBuffer>);
    const bytes = new Uint8Array(await kept.arrayBuffer());
    const { exif, width } = await sharp(bytes).metadata();
    expect(width).toBe(40);
    expect(locationOf(bytes)).toEqual(segment);
    expect(exif?.includes('Camera')).toBe(false);
    expect(exif?.includes('Ann Archer')).toBe(false);
    // Latitude 52/1 30/1 0/1, little-endian as sharp writes it.
    expect(exif?.includes(Buffer.from([52, 0, 0, 0, 1, 0, 0, 0, 30, 0, 0, 0, 1, 0, 0, 0]))).toBe(true);
  });

  test('is none in a photo without it, in what is no photo, and in one whose entries point outside', async () => {
    expect(locationOf(new Uint8Array(await picture().jpeg().toBuffer()))).toBeNull();
    expect(locationOf(new Uint8Array([1, 2, 3]))).toBeNull();
    const broken = new Uint8Array(await located());
    const at = Buffer.from(broken.buffer).indexOf('Exif\0\0') + 10;
    for (const value of [0xff, 0x7f])
      expect(locationOf(Uint8Array.from(broken, (byte, index) => (index === at ? value : byte)))).toBeNull();
  });
});

describe('pictures before they are decoded', () => {
  test('say their size', async () => {
    for (const bytes of [
      await picture(123, 45).jpeg().toBuffer(),
      await picture(123, 45).png().toBuffer(),
      await picture(123, 45).webp().toBuffer(),
      await picture(123, 45).gif().toBuffer(),
      await picture(123, 45).avif().toBuffer(),
    ])
      expect(await pictureHead(new Blob([new Uint8Array(bytes)]))).toMatchObject({ width: 123, height: 45 });
  });

  test('of absurd size are refused, and so is what is no picture', async () => {
    const png = new Uint8Array(await picture().png().toBuffer());
    const view = new DataView(png.buffer);
    view.setUint32(16, 50_000);
    view.setUint32(20, 50_000);
    await expect(pictureHead(new Blob([png]))).rejects.toMatchObject({ code: 'bad-input' });
    await expect(pictureHead(new Blob(['no picture at all']))).rejects.toMatchObject({ code: 'bad-input' });
    await expect(pictureHead(new Blob([]))).rejects.toMatchObject({ code: 'bad-input' });
  });

  test('are known to move, or not to', async () => {
    const still = new Uint8Array(await picture().webp().toBuffer());
    const frames = await sharp(
      [await picture().png().toBuffer(), await picture().negate().png().toBuffer()],
      {
        join: { animated: true },
      },
    )
      .webp()
      .toBuffer();
    expect(moves('image/webp', still)).toBe(false);
    expect(moves('image/webp', new Uint8Array(frames))).toBe(true);
    expect(moves('image/gif', new Uint8Array())).toBe(true);
    const png = new Uint8Array(await picture().png().toBuffer());
    expect(moves('image/png', png)).toBe(false);
    // The control chunk of an animated PNG, behind the header.
    const control = [0, 0, 0, 8, ...Buffer.from('acTL'), 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0];
    expect(
      moves('image/png', Uint8Array.from([...png.subarray(0, 33), ...control, ...png.subarray(33)])),
    ).toBe(true);
  });
});
