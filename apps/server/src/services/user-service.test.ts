import type { ServerEvent } from '@tidings/api/events';
import { clientId, userId } from '@tidings/api/ids';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Person, TestServices } from '../testing/test-services.ts';

// Password hashing, files and real time: slow on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const soon = { timeout: 20_000 };

let world: TestServices;
let anna: Person;
let ben: Person;

beforeEach(async () => {
  world = await TestServices.start();
  anna = await world.person('anna', 'Anna Keller');
  ben = await world.person('ben', 'Ben Okafor');
});
afterEach(() => world[Symbol.asyncDispose]());

const names = (profiles: readonly { readonly username: string }[]) =>
  profiles.map(({ username }) => username);

describe('the own profile', () => {
  test('is what one made it', async () => {
    const update = {
      displayName: '  Anna K.  ',
      about: 'Hiking',
      lastSeenAudience: 'contacts',
      onlineAudience: 'nobody',
      readReceipts: false,
    } as const;
    const updated = await anna.api.user.update(update);
    expect(updated).toEqual({
      userId: anna.caller.userId,
      username: 'anna',
      avatarId: null,
      bot: false,
      operator: false,
      ...update,
      displayName: 'Anna K.',
    });
    expect(await anna.api.user.me()).toEqual(updated);
    await world.directory.client.user.update({ where: { id: anna.caller.userId }, data: { role: 'operator' } });
    expect((await anna.api.user.me()).operator).toBe(true);
  });

  test('others see of it what is for others', async () => {
    const [profile, ...more] = await ben.api.user.profiles({
      userIds: [anna.caller.userId, anna.caller.userId, userId('user-nobody')],
    });
    expect(more).toEqual([]);
    expect(profile).toEqual({
      userId: anna.caller.userId,
      username: 'anna',
      displayName: 'Anna Keller',
      about: '',
      avatarId: null,
      bot: false,
    });
  });

  test('a change wakes the own devices, and people with shared chats hear of what they can see', async () => {
    await anna.api.conversation.open({ userId: ben.caller.userId });
    const heard: ServerEvent[] = [];
    const stream = (await ben.api.sync.stream()) as AsyncIterable<readonly ServerEvent[]>;
    void (async () => {
      for await (const batch of stream) heard.push(...batch);
    })();
    await vi.waitFor(() => expect(heard.map(({ type }) => type)).toEqual(['hello']), soon);
    await anna.api.user.update({ readReceipts: false });
    await anna.api.user.update({ about: 'New' });
    await vi.waitFor(
      () => expect(heard.at(-1)).toEqual({ type: 'profiles', userIds: [anna.caller.userId] }),
      soon,
    );
    expect(heard).toHaveLength(2);
    const { items } = await anna.api.account.snapshot({});
    expect(items.map(({ key }) => key)).toContain('profile');
  });
});

describe('finding people', () => {
  const search = async (query: string) => names(await anna.api.user.search({ query }));

  test('by the beginning of any word of the name, or of the username, without case; never oneself', async () => {
    await world.person('obi', 'Kelly Obi');
    await world.person('ok-go', 'Somebody Else');
    expect((await search('ok')).sort()).toEqual(['ben', 'ok-go']);
    expect(await search('OKA')).toEqual(['ben']);
    expect(await search('kel')).toEqual(['obi']);
    expect(await search('fora')).toEqual([]);
    expect(await search('%')).toEqual([]);
  });

  test('people with shared chats first, at most twenty', async () => {
    for (let index = 0; index < 25; index += 1)
      await world.person(`sam${String(index).padStart(2, '0')}`, `Sam Nr${index}`);
    const friend = await world.person('zz-sam', 'Zacharias Sam');
    await anna.api.group.create({
      clientId: clientId('group-0001'),
      name: 'Friends',
      members: [friend.caller.userId],
    });
    const found = await search('sam');
    expect(found).toHaveLength(20);
    expect(found[0]).toBe('zz-sam');
    expect(new Set(found).size).toBe(20);
  });

  test('contacts are found as others are: by several words, without accents', async () => {
    const zoe = await world.person('zoe.m', 'Zoë van der Müller');
    const wishes = ['zoe mul', 'VAN zo', 'müll', 'zoe.m', 'der z m'];
    const before = await Promise.all(wishes.map(search));
    await anna.api.conversation.open({ userId: zoe.caller.userId });
    expect(await Promise.all(wishes.map(search))).toEqual(before);
    expect(before).toEqual(wishes.map(() => ['zoe.m']));
    expect(await search('zoe x')).toEqual([]);
  });

  test('without a query: the people one has chats with', async () => {
    expect(await search('')).toEqual([]);
    await anna.api.conversation.open({ userId: ben.caller.userId });
    expect(await search('')).toEqual(['ben']);
  });
});
