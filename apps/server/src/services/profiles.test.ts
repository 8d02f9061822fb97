import { type UserId, userId } from '@tidings/api/ids';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import type { UserDirectory, UserRecord } from '@tidings/db/directory/port';
import { beforeEach, expect, test } from 'vitest';
import { CachedProfiles } from './profiles.ts';

const anna = userId('user-anna');
let clock: ManualClock;
let profiles: CachedProfiles;
let stored: Map<UserId, UserRecord>;
let queries: number;

beforeEach(() => {
  clock = new ManualClock();
  queries = 0;
  stored = new Map([[anna, recordOf('Anna')]]);
  const users = {
    profiles: async (ids: readonly UserId[]) => {
      queries += 1;
      return ids.flatMap((id) => stored.get(id) ?? []);
    },
  } as Partial<UserDirectory> as UserDirectory;
  profiles = new CachedProfiles({ users, clock }, { keepMs: 10_000, maxRecords: 10 });
});

const recordOf = (displayName: string): UserRecord => ({
  userId: anna,
  username: 'anna',
  displayName,
  about: '',
  avatarId: null,
  bot: false,
  lastSeenAudience: 'everyone',
  onlineAudience: 'everyone',
  readReceipts: true,
  role: 'user',
});

async function names(...users: UserId[]): Promise<(string | null)[]> {
  const found = profiles.of(users);
  await clock.pass(0);
  return (await found).map((record) => record?.displayName ?? null);
}

test('answers in the order asked, from one query, and keeps it for a while', async () => {
  expect(await names(userId('user-nobody'), anna, anna)).toEqual([null, 'Anna', 'Anna']);
  expect(await names(anna)).toEqual(['Anna']);
  expect(queries).toBe(1);
  stored.set(anna, recordOf('Anna K.'));
  await clock.pass(10_000);
  expect(await names(anna)).toEqual(['Anna K.']);
});

test('who isn’t there is looked for each time', async () => {
  const ben = userId('user-ben0');
  expect(await names(ben)).toEqual([null]);
  stored.set(ben, { ...recordOf('Ben'), userId: ben });
  expect(await names(ben)).toEqual(['Ben']);
});

test('is never behind what this process changed, whatever was on its way', async () => {
  const reading = profiles.of([anna]);
  await clock.pass(0);
  const late = profiles.of([anna]);
  profiles.learn(recordOf('Anna K.'));
  await clock.pass(0);
  await Promise.all([reading, late]);
  expect(await names(anna)).toEqual(['Anna K.']);
});
