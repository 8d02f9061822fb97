import { crc32, deflateSync } from 'node:zlib';
import { TidingsError } from '@tidings/api/errors';
import { type PictureId, pictureId } from '@tidings/api/ids';
import type { PictureStore } from '@tidings/db/picture-store/port';
import sharp from 'sharp';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { maxPictureBytes, PictureService } from './picture-service.ts';

// Password hashing, files and real time: slow on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

class LastPicture implements PictureStore {
  bytes: Uint8Array = new Uint8Array();
  async put(bytes: Uint8Array): Promise<PictureId> {
    this.bytes = bytes;
    return pictureId('0'.repeat(64));
  }
  async get(): Promise<Uint8Array> {
    return this.bytes;
  }
}

let store: LastPicture;
let pictures: PictureService;
beforeEach(() => {
  store = new LastPicture();
  pictures = new PictureService({ pictures: store });
});

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#2f8f9d' } });

async function codeOf(bytes: Uint8Array): Promise<string> {
  const error = await pictures.add(bytes).then(
    () => null,
    (refused: unknown) => refused,
  );
  expect(error).toBeInstanceOf(TidingsError);
  return (error as TidingsError).code;
}

describe('pictures', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    '%s becomes a square WebP without what else was in the file',
    async (format) => {
      await pictures.add(
        await picture(900, 300)
          .withExif({ IFD0: { Copyright: 'Somebody, 5 Main Street' } })
          .toFormat(format)
          .toBuffer(),
      );
      const made = await sharp(store.bytes).metadata();
      expect(made).toMatchObject({ format: 'webp', width: 512, height: 512 });
      expect(made.exif).toBeUndefined();
      expect(Buffer.from(store.bytes).includes('Main Street')).toBe(false);
    },
  );

  test('a photo is turned as the camera held it', async () => {
    const left = await sharp({ create: { width: 100, height: 200, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer();
    const photo = picture(200, 200).composite([{ input: left, left: 0, top: 0 }]);
    // Orientation 6: the top is at the right, so what is left in the file is on top.
    await pictures.add(await photo.withMetadata({ orientation: 6 }).jpeg().toBuffer());
    const { data, info } = await sharp(store.bytes).raw().toBuffer({ resolveWithObject: true });
    const red = (x: number, y: number) => data[(y * info.width + x) * info.channels] as number;
    expect(red(256, 40)).toBeGreaterThan(200);
    expect(red(256, 470)).toBeLessThan(100);
  });

  test('what is no picture is refused', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><image href="file:///etc/passwd"/></svg>',
    );
    const half = (await picture(300, 300).png().toBuffer()).subarray(0, 200);
    const tiff = await picture(10, 10).tiff().toBuffer();
    for (const bytes of [new Uint8Array(), Buffer.from('hello'), svg, half, tiff])
      expect(await codeOf(bytes)).toBe('bad-input');
  });

  test('a small file of a huge picture is refused before it is decoded', async () => {
    const bomb = await picture(7_200, 7_200).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.byteLength).toBeLessThan(maxPictureBytes);
    expect(await codeOf(bomb)).toBe('bad-input');
    expect(await codeOf(new Uint8Array(maxPictureBytes + 1))).toBe('too-large');
  });

  test('50,000 × 50,000 pixels are refused by what the file says of itself', async () => {
    const error = await pictures.add(pngOf(50_000, 50_000)).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: 'bad-input' });
    expect(String((error as Error).cause)).toMatch(/pixel limit/);
  });

  test('of a file that is a picture and something else, the picture stays', async () => {
    const parts = ['<script>alert(1)</script>', '%PDF-1.7', 'PK\u0003\u0004payload.class'];
    const image = await picture(300, 300).jpeg().toBuffer();
    await pictures.add(Buffer.concat([image, Buffer.from(parts.join('\n'))]));
    for (const part of parts) expect(Buffer.from(store.bytes).includes(part)).toBe(false);
    expect(await sharp(store.bytes).metadata()).toMatchObject({ format: 'webp', width: 512 });
    expect(await codeOf(Buffer.from(`GIF89a=1;/*${parts[0]}*/`))).toBe('bad-input');
  });
});

/** A PNG of one colour that claims to be that large. */
function pngOf(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.byteLength);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(((width >> 3) + 1) * 100));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
