import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { expect, test, vi } from 'vitest';
import { inProcessEngine } from '../sqlite/in-process.ts';
import { someUser } from '../testing/make.ts';
import { openingOf, sqliteForms } from '../testing/sqlite-files.ts';
import { describeLastSeenStore } from './contract.ts';
import { SqliteLastSeenStore } from './sqlite.ts';

for (const { form, openStores } of sqliteForms) {
  describeLastSeenStore(
    form,
    openingOf(openStores, (stores) => stores.lastSeen),
  );
}

/** A store whose write-behind runs when the test says so. */
function stoppedInTime() {
  const timers: { readonly ms: number; readonly task: () => void }[] = [];
  const clock: Clock = {
    now: () => 0,
    soon: (task) => task(),
    after: (ms, task) => {
      timers.push({ ms, task });
      return () => {};
    },
  };
  const engine = inProcessEngine(':memory:');
  return { store: new SqliteLastSeenStore(engine, clock), engine, timers };
}

test('PRES1 touches of 15 s are written together', async () => {
  const { store, engine, timers } = stoppedInTime();
  const write = vi.spyOn(engine, 'write');
  const users = [someUser(), someUser()] as const;
  await store.touch(users[0], 1);
  await store.touch(users[1], 2);
  await store.touch(users[0], 3);
  expect(timers.map(({ ms }) => ms)).toEqual([15_000]);
  timers[0]?.task();
  await vi.waitFor(async () => expect(await engine.read('readLastSeen', users)).toEqual([3, 2]));
  expect(write).toHaveBeenCalledTimes(1);
  await store.touch(users[1], 9);
  expect(timers).toHaveLength(2);
  expect(await store.read(users)).toEqual([3, 9]);
});

test('PRES1 what can’t be written is kept and tried again', async () => {
  const { store, engine, timers } = stoppedInTime();
  const user = someUser();
  await store.touch(user, 5);
  vi.spyOn(engine, 'write').mockRejectedValueOnce(new TidingsError('storage-full'));
  await store.flush();
  expect(await store.read([user])).toEqual([5]);
  expect(await engine.read('readLastSeen', [user])).toEqual([null]);
  timers.at(-1)?.task();
  await vi.waitFor(async () => expect(await engine.read('readLastSeen', [user])).toEqual([5]));
});
