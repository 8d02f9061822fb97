import { afterEach, beforeEach, expect, test } from 'vitest';
import { World } from '../testing/world.ts';
import { RequestSweeper } from './request-sweeper.ts';

const dayMs = 24 * 3_600_000;

let world: World;
beforeEach(async () => {
  world = await World.start();
});
afterEach(() => world[Symbol.asyncDispose]());

test('BOT3 a request is remembered for a day, and forgotten then', async () => {
  const { bots, clock } = world.ports;
  const { userId: user } = await world.person('robot');
  const note = (request: string) =>
    world.do(bots.noteRequest({ user, key: 'alarm', request, since: 1, createdAt: clock.now() }));
  const sweep = () => world.do(new RequestSweeper(world.ports).sweep());
  const first = await note('first');
  await world.pass(dayMs - 1_000);
  await sweep();
  expect(await note('second')).toEqual(first);
  await world.pass(2_000);
  await sweep();
  expect(await note('second')).toMatchObject({ request: 'second' });
});
