import { pictureId } from '@tidings/api/ids';
import { describe, expect, test } from 'vitest';
import type { PictureStore } from './port.ts';

export function describePictureStore(name: string, open: () => Promise<PictureStore>): void {
  describe(`picture store on ${name}`, () => {
    test('gives back the bytes that it took', async () => {
      const store = await open();
      const bytes = new TextEncoder().encode(`picture ${Date.now()} ${Math.random()}`);
      const id = await store.put(bytes);
      expect(new Uint8Array((await store.get(id)) as Uint8Array)).toEqual(bytes);
    });
    test('names a picture by its bytes, also for many at once', async () => {
      const store = await open();
      const bytes = new TextEncoder().encode('the same');
      const ids = await Promise.all(Array.from({ length: 5 }, () => store.put(bytes)));
      expect(new Set(ids).size).toBe(1);
      expect(await store.put(new TextEncoder().encode('another'))).not.toBe(ids[0]);
    });
    test('an unknown picture is null', async () => {
      expect(await (await open()).get(pictureId('0'.repeat(64)))).toBeNull();
    });
  });
}
