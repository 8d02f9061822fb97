import { secureId } from '@tidings/api/clock';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { RowCache } from './port.ts';

/** `open` answers a cache whose rows may be stale for so long that no test of the suite sees it, but those that say so. */
export function describeRowCache(
  name: string,
  open: (options: { readonly maxStaleMs: number }) => Promise<RowCache>,
): void {
  describe(`row cache in ${name}`, () => {
    let cache: RowCache;
    beforeAll(async () => {
      cache = await open({ maxStaleMs: 600_000 });
    });

    async function lease(key: string, of = cache): Promise<string> {
      const [answer] = await of.read([key]);
      if (!answer || answer.row !== null || answer.lease === null) throw new Error('no lease');
      return answer.lease;
    }
    const rowOf = async (key: string, of = cache) => (await of.read([key]))[0]?.row;
    async function kept(row: string): Promise<string> {
      const key = secureId();
      await cache.fill([{ key, row, lease: await lease(key) }]);
      return key;
    }

    test('what was filled is given to everybody, as it was', async () => {
      const [one, two] = [await kept('{"name":"Zoë 😀"}'), await kept('')];
      const stranger = secureId();
      const [first, second, third] = await cache.read([two, stranger, one]);
      expect([first, third]).toEqual([{ row: '' }, { row: '{"name":"Zoë 😀"}' }]);
      expect(second).toEqual({ row: null, lease: expect.any(String) });
      expect(await cache.read([])).toEqual([]);
    });

    test('one at a time may fill', async () => {
      const key = secureId();
      const first = await lease(key);
      expect(await cache.read([key])).toEqual([{ row: null, lease: null }]);
      await cache.fill([{ key, row: 'stranger’s', lease: `${first}-` }]);
      expect(await rowOf(key)).toBeNull();
      await cache.fill([{ key, row: 'first', lease: first }]);
      expect(await rowOf(key)).toBe('first');
    });

    test('an invalidated row is given to nobody', async () => {
      const [one, two, other] = [await kept('one'), await kept('two'), await kept('other')];
      await cache.invalidate([one, two, secureId()]);
      expect((await cache.read([one, two, other])).map(({ row }) => row)).toEqual([null, null, 'other']);
    });

    test('what was read before an invalidation can’t be filled after it', async () => {
      const key = secureId();
      const before = await lease(key);
      await cache.invalidate([key]);
      await cache.fill([{ key, row: 'old', lease: before }]);
      expect(await rowOf(key)).toBeNull();
    });

    test('a lease fills once', async () => {
      const key = secureId();
      const first = await lease(key);
      await cache.fill([{ key, row: 'first', lease: first }]);
      await cache.fill([{ key, row: 'again', lease: first }]);
      expect(await rowOf(key)).toBe('first');
      await cache.invalidate([key]);
      await cache.fill([{ key, row: 'again', lease: first }]);
      expect(await rowOf(key)).toBeNull();
    });

    test('of many rows those whose lease is over are left out', async () => {
      const keys = Array.from({ length: 3 }, secureId);
      const leases = await Promise.all(keys.map((key) => lease(key)));
      await cache.invalidate(keys.slice(1, 2));
      await cache.fill(keys.map((key, at) => ({ key, row: 'row', lease: leases[at] ?? '' })));
      expect(await Promise.all(keys.map((key) => rowOf(key)))).toEqual(['row', null, 'row']);
    });

    test('a row whose invalidation was lost goes by itself', async () => {
      const brief = await open({ maxStaleMs: 400 });
      const key = secureId();
      await brief.fill([{ key, row: 'old', lease: await lease(key, brief) }]);
      expect(await rowOf(key, brief)).toBe('old');
      await vi.waitFor(async () => expect(await rowOf(key, brief)).toBeNull());
    });

    test('a lease that nobody uses goes by itself', async () => {
      const brief = await open({ maxStaleMs: 400 });
      const key = secureId();
      const unused = await lease(key, brief);
      const next = await vi.waitFor(() => lease(key, brief));
      await brief.fill([{ key, row: 'late', lease: unused }]);
      expect(await rowOf(key, brief)).toBeNull();
      await brief.fill([{ key, row: 'next', lease: next }]);
      expect(await rowOf(key, brief)).toBe('next');
    });
  });
}
