import type { UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import { expect, test, vi } from 'vitest';
import { MemoryDeviceStore } from './memory-device-store';
import { People } from './people';
import { anna, ben } from './testing/seed';

test('profiles are asked for once a tick, read in one go, and change only for who shows them', async () => {
  const store = new MemoryDeviceStore();
  await store.apply([{ type: 'put-profiles', profiles: [profile(anna, 'Anna')] }]);
  const need = vi.fn();
  const live = vi.spyOn(store, 'live');
  const people = new People(store, need);
  const [annas, bens] = [vi.fn(), vi.fn()];
  people.subscribe(anna, annas);
  people.subscribe(anna, annas);
  people.subscribe(ben, bens);
  await vi.waitFor(() => expect(people.get(anna)?.displayName).toBe('Anna'));
  expect(need.mock.calls).toEqual([[[anna, ben]]]);
  expect(live).toHaveBeenCalledTimes(1);
  annas.mockClear();

  await store.apply([{ type: 'put-profiles', profiles: [profile(ben, 'Ben')] }]);
  await vi.waitFor(() => expect(people.get(ben)?.displayName).toBe('Ben'));
  expect(bens).toHaveBeenCalled();
  expect(annas).not.toHaveBeenCalled();
  people.close();
});

test('who comes later joins the same read, and what is known stays known', async () => {
  const store = new MemoryDeviceStore();
  await store.apply([{ type: 'put-profiles', profiles: [profile(anna, 'Anna'), profile(ben, 'Ben')] }]);
  const people = new People(store, () => {});
  people.subscribe(anna, () => {});
  await vi.waitFor(() => expect(people.get(anna)).toBeDefined());
  const before = people.get(anna);
  people.subscribe(ben, () => {});
  await vi.waitFor(() => expect(people.get(ben)).toBeDefined());
  expect(people.get(anna)).toBe(before);
  people.close();
});

test('who was read ahead has a name in the first rendering; who is unknown holds nothing up', async () => {
  const store = new MemoryDeviceStore();
  await store.apply([{ type: 'put-profiles', profiles: [profile(anna, 'Anna')] }]);
  const people = new People(store, () => {});
  await people.ahead([anna, ben]);
  expect(people.get(anna)?.displayName).toBe('Anna');
  await people.ahead([anna]);
  await people.ahead([]);
  people.close();
});

const profile = (userId: UserId, displayName: string): Profile => ({
  ...{ userId, displayName, username: displayName.toLowerCase(), about: '', avatarId: null, bot: false },
});
