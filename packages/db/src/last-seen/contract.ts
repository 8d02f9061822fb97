import { beforeAll, describe, expect, test } from 'vitest';
import { range, someUser } from '../testing/make.ts';
import type { Opening } from '../testing/opening.ts';
import type { LastSeenStore } from './port.ts';

/** `reopen` here is an orderly stop and a new start: a crash may lose 15 s. */
export function describeLastSeenStore(name: string, { open, reopen }: Opening<LastSeenStore>): void {
  describe(`last seen store on ${name}`, () => {
    let store: LastSeenStore;
    beforeAll(async () => {
      store = await open();
    });

    test('PRES1 a touch is seen at once, and who was never there is null', async () => {
      const [user, stranger] = [someUser(), someUser()];
      await store.touch(user, 1_000);
      expect(await store.read([stranger, user, stranger])).toEqual([null, 1_000, null]);
      expect(await store.read([])).toEqual([]);
    });

    test('PRES1 time never goes back', async () => {
      const user = someUser();
      await Promise.all([3_000, 1_000, 5_000, 4_000].map((at) => store.touch(user, at)));
      await store.touch(user, 2_000);
      expect(await store.read([user])).toEqual([5_000]);
    });

    test.skipIf(!reopen)(
      'PRES1 touches last through an orderly restart, and still never go back',
      async () => {
        const users = range(1, 50).map(someUser);
        await Promise.all(users.map((user, at) => store.touch(user, at + 1)));
        store = (await reopen?.()) ?? store;
        expect(await store.read(users)).toEqual(range(1, 50));
        await Promise.all(users.map((user) => store.touch(user, 25)));
        store = (await reopen?.()) ?? store;
        expect(await store.read(users)).toEqual(range(1, 50).map((at) => Math.max(at, 25)));
      },
    );
  });
}
