import { seq } from '@tidings/api/ids';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { range, someUser } from '../testing/make.ts';
import type { Opening } from '../testing/opening.ts';
import type { AccountPut, AccountStateStore } from './port.ts';

export function describeAccountStateStore(name: string, { open, reopen }: Opening<AccountStateStore>): void {
  describe(`account state store on ${name}`, () => {
    let store: AccountStateStore;
    beforeAll(async () => {
      store = await open();
    });

    test('ACCT1 nothing is the fold of an empty log', async () => {
      expect(await store.read(someUser(), '', 10)).toEqual({ seq: 0, items: [] });
    });

    test('ACCT1 the later put of a key stays, and null takes it away', async () => {
      const user = someUser();
      await store.apply(
        user,
        [put('a', 1, 1), put('b', { deep: ['x', null, 'ä😀'] }, 2), put('c', true, 3)],
        seq(3),
      );
      await store.apply(user, [put('a', 'new', 4), put('c', null, 5)], seq(5));
      expect(await store.read(user, '', 10)).toEqual({
        seq: 5,
        items: [
          { key: 'a', value: 'new' },
          { key: 'b', value: { deep: ['x', null, 'ä😀'] } },
        ],
      });
      expect(await store.read(someUser(), '', 10)).toEqual({ seq: 0, items: [] });
    });

    test('ACCT1 an older put that comes late changes nothing, nor does the position go back', async () => {
      const user = someUser();
      await store.apply(user, [put('a', 'newest', 9), put('gone', null, 8)], seq(9));
      await store.apply(user, [put('a', 'old', 3), put('gone', 'back', 7)], seq(7));
      expect(await store.read(user, '', 10)).toEqual({ seq: 9, items: [{ key: 'a', value: 'newest' }] });
    });

    test('ACCT1 the position moves over entries that put nothing', async () => {
      const user = someUser();
      await store.apply(user, [], seq(4));
      expect(await store.read(user, '', 10)).toEqual({ seq: 4, items: [] });
    });

    test('ACCT1 pages of ascending keys give each item once', async () => {
      const user = someUser();
      const keys = range(1, 25).map((n) => `draft:group:${String(n).padStart(8, '0')}`);
      await store.apply(user, keys.map((key, at) => put(key, at, at + 1)).reverse(), seq(25));
      const seen: string[] = [];
      for (;;) {
        const page = await store.read(user, seen.at(-1) ?? '', 10);
        if (page.items.length === 0) break;
        expect(page.items.length).toBeLessThanOrEqual(10);
        seen.push(...page.items.map(({ key }) => key));
      }
      expect(seen).toEqual(keys);
    });

    test('ACCT1 pieces of a log, applied in any order, twice and at once, give its fold', async () => {
      const anyLog = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(fc.nat(9))), {
        minLength: 1,
        maxLength: 25,
      });
      const property = fc.asyncProperty(anyLog, fc.infiniteStream(fc.nat()), async (log, picks) => {
        const user = someUser();
        const puts = log.map(([key, value], at) => put(key, value, at + 1));
        const doubled = [...puts, ...puts].map((one) => ({ one, order: picks.next().value as number }));
        doubled.sort((a, b) => a.order - b.order);
        await Promise.all(doubled.map(({ one }) => store.apply(user, [one], one.seq)));
        const fold = new Map(log);
        const items = [...fold].filter(([, value]) => value !== null).map(([key, value]) => ({ key, value }));
        items.sort((a, b) => (a.key < b.key ? -1 : 1));
        expect(await store.read(user, '', 10)).toEqual({ seq: log.length, items });
      });
      await fc.assert(property, { numRuns: 25 });
    });

    test.skipIf(!reopen)('ACCT1 a fold lasts through a new connection', async () => {
      const user = someUser();
      await store.apply(user, [put('a', [1], 1)], seq(1));
      store = (await reopen?.()) ?? store;
      expect(await store.read(user, '', 10)).toEqual({ seq: 1, items: [{ key: 'a', value: [1] }] });
    });
  });
}

const put = (key: string, value: unknown, position: number): AccountPut => ({
  key,
  value,
  seq: seq(position),
});
