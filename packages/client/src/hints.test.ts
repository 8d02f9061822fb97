import { TidingsError } from '@tidings/api/errors';
import { seq } from '@tidings/api/ids';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from './memory-store.ts';
import { anna, annaBen, ben, cleo, group, World } from './testing/world.ts';

const online = (userId: typeof ben) => ({
  type: 'presence' as const,
  presence: { userId, online: true, lastSeen: 5 },
});
const calls = (world: World, path: string) =>
  world.server.calls.filter((call) => call.path === path).map((call) => call.input);

describe('presence and typing', () => {
  test('PRES2 what is on the screen is watched, once per change and again on each new line', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    device.engine.watch([ben], [annaBen]);
    device.engine.watch([ben, cleo], [group, annaBen]);
    await world.clock.advance(10);
    const watched = { userIds: [ben, cleo], conversationIds: [group, annaBen] };
    expect(calls(world, 'presence.watch')).toEqual([watched]);
    world.server.cut();
    await world.clock.advance(2_000);
    expect(calls(world, 'presence.watch')).toEqual([watched, watched]);
  });

  test('PRES1 an app that is open stays so on a new line, which moves no last seen', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    device.engine.act('open');
    world.server.cut();
    await world.clock.advance(2_000);
    expect(calls(world, 'presence.act')).toEqual([{ act: 'open' }, { act: 'still' }]);
    device.engine.act('close');
    world.server.cut();
    await world.clock.advance(2_000);
    expect(calls(world, 'presence.act')).toHaveLength(3);
  });

  test('what the user does without a line is told on the next one', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    world.server.refuse = () => new TidingsError('unavailable');
    world.server.cut();
    await world.clock.advance(10);
    device.engine.act('open');
    expect(calls(world, 'presence.act')).toEqual([]);
    world.server.refuse = () => null;
    device.engine.wake();
    await world.clock.advance(2_000);
    expect(calls(world, 'presence.act')).toEqual([{ act: 'open' }]);
  });

  test('presence is known of who is watched, while there is a line', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    device.engine.watch([ben], []);
    world.server.push(anna, online(ben));
    world.server.push(anna, online(cleo));
    await world.clock.advance(10);
    expect([...device.state().presence.keys()]).toEqual([ben]);
    world.server.refuse = () => new TidingsError('unavailable');
    world.server.cut();
    await world.clock.advance(10);
    expect(device.state().presence.size).toBe(0);
  });

  test('typing ends by itself, when said so, and with the message', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    const typing = (userId: typeof ben, forMs: number) =>
      world.server.push(anna, { type: 'typing', conversationId: group, userId, forMs });
    device.engine.watch([], [group]);
    typing(ben, 6_000);
    typing(cleo, 6_000);
    typing(anna, 6_000);
    await world.clock.advance(10);
    expect(device.state().typing.get(group)).toEqual([ben, cleo]);
    typing(cleo, 0);
    await world.clock.advance(10);
    expect(device.state().typing.get(group)).toEqual([ben]);
    world.server.says(group, ben, 'done');
    await world.clock.advance(10);
    expect(device.state().typing.has(group)).toBe(false);
    typing(ben, 6_000);
    await world.clock.advance(6_100);
    expect(device.state().typing.has(group)).toBe(false);
  });

  test('one’s own typing is said every 3 s at most, and its end at once', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    for (let n = 0; n < 40; n += 1) {
      device.engine.typing(annaBen, true);
      await world.clock.advance(100);
    }
    expect(calls(world, 'presence.typing')).toHaveLength(2);
    device.engine.typing(annaBen, false);
    await world.clock.advance(10);
    expect(calls(world, 'presence.typing').at(-1)).toEqual({ conversationId: annaBen, typing: false });
  });
});

describe('profiles', () => {
  const profile = (userId: typeof ben, displayName: string) => ({
    userId,
    username: displayName.toLowerCase(),
    displayName,
    about: '',
    avatarId: null,
    bot: false,
  });

  test('are fetched in one call, and not again within the hour, also after a restart', async () => {
    await using world = new World();
    for (const [user, name] of [
      [ben, 'Ben'],
      [cleo, 'Cleo'],
    ] as const)
      world.server.profiles.set(user, profile(user, name));
    const store = new MemoryStore();
    const device = await world.liveDevice(anna, { store });
    device.engine.needProfiles([ben]);
    device.engine.needProfiles([cleo, ben]);
    await world.clock.advance(10);
    expect(calls(world, 'user.profiles')).toEqual([{ userIds: [ben, cleo] }]);
    expect((await store.profiles([cleo, ben])).map((each) => each?.displayName)).toEqual(['Cleo', 'Ben']);
    await device.engine.stop();
    const again = await world.liveDevice(anna, { store });
    again.engine.needProfiles([ben]);
    await world.clock.advance(1_000);
    expect(calls(world, 'user.profiles')).toHaveLength(1);
    await world.clock.advance(3_600_000);
    again.engine.needProfiles([ben]);
    await world.clock.advance(1_000);
    expect(calls(world, 'user.profiles')).toHaveLength(2);
  });

  test('are fetched again when the server says that they changed', async () => {
    await using world = new World();
    const store = new MemoryStore();
    world.server.profiles.set(ben, profile(ben, 'Ben'));
    const device = await world.liveDevice(anna, { store });
    device.engine.needProfiles([ben]);
    await world.clock.advance(10);
    world.server.profiles.set(ben, profile(ben, 'Benjamin'));
    world.server.push(anna, { type: 'profiles', userIds: [ben, cleo] });
    await world.clock.advance(10);
    expect((await store.profiles([ben]))[0]?.displayName).toBe('Benjamin');
    expect(calls(world, 'user.profiles')).toEqual([{ userIds: [ben] }, { userIds: [ben] }]);
  });

  test('wanted offline, they come with the line', async () => {
    await using world = new World();
    const store = new MemoryStore();
    world.server.profiles.set(ben, profile(ben, 'Ben'));
    world.server.refuse = () => new TidingsError('unavailable');
    const device = world.device(anna, { store });
    device.engine.needProfiles([ben]);
    await world.clock.advance(1_000);
    world.server.refuse = null;
    await world.live(device);
    await world.clock.advance(10);
    expect((await store.profiles([ben]))[0]?.displayName).toBe('Ben');
    expect(await device.store.entries(annaBen, seq(0), seq(9), 'oldest', 1)).toEqual([]);
  });
});
