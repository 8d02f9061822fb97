import { TidingsError } from '@tidings/api/errors';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { World } from '../testing/world.ts';

let world: World;
let anna: Caller;
let ben: Caller;
let registryIsDown: boolean;

beforeEach(async () => {
  registryIsDown = false;
  world = await World.start({
    servers: 2,
    // Whoever brings a group's line to its members meets the change in the log, told or not.
    server: { handlesGroups: false },
    wrap: (ports) => ({
      ...ports,
      registry: {
        renew: ports.registry.renew.bind(ports.registry),
        register: ports.registry.register.bind(ports.registry),
        unregister: ports.registry.unregister.bind(ports.registry),
        leave: ports.registry.leave.bind(ports.registry),
        async handlersOf(users) {
          if (registryIsDown) throw new TidingsError('unavailable');
          return ports.registry.handlersOf(users);
        },
      },
    }),
  });
  [anna, ben] = await world.people('anna', 'ben');
});
afterEach(() => world[Symbol.asyncDispose]());

/** The second server has just used the group, and nobody in it is connected anywhere. */
async function groupKnownAtBoth() {
  const group = await world.group(anna, ben);
  await world.sent(ben, group, {}, 1);
  return group;
}

const nameAt = async (at: number) => {
  const [profile] = await world.do(world.services(at).users.profiles(ben, [anna.userId]));
  return profile?.displayName;
};

const rename = async () => {
  await world.do(world.services(0).users.update(anna, { displayName: 'Anna K.' }));
  await world.settle();
};

describe('what one process changes', () => {
  test('GRP5 INV8 keeps who was removed from writing at another at once, though none of their devices is there', async () => {
    const group = await groupKnownAtBoth();
    await world.do(world.services(0).groups.remove(anna, group, ben.userId));
    await world.settle();
    expect(await world.send(ben, group, {}, 1)).toMatchObject({ error: 'not-a-member' });
  });

  test('is what others show at once', async () => {
    expect(await nameAt(1)).toBe('anna');
    await rename();
    expect(await nameAt(1)).toBe('Anna K.');
  });

  test('is seen some seconds later when nobody could be told', async () => {
    const group = await groupKnownAtBoth();
    expect(await nameAt(1)).toBe('anna');
    registryIsDown = true;
    await world.do(world.services(0).groups.remove(anna, group, ben.userId));
    await rename();
    expect(await world.send(ben, group, {}, 1)).toHaveProperty('seq');
    expect(await nameAt(1)).toBe('anna');
    await world.pass(10_000);
    expect(await world.send(ben, group, {}, 1)).toMatchObject({ error: 'not-a-member' });
    expect(await nameAt(1)).toBe('Anna K.');
  });
});
