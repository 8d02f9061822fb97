import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Person, TestServices } from '../testing/test-services.ts';

let world: TestServices;
let anna: Person;
let ben: Person;

beforeEach(async () => {
  world = await TestServices.start();
  anna = await world.person('anna');
  ben = await world.person('ben');
});
afterEach(() => world[Symbol.asyncDispose]());

const refused = (code: string) => expect.objectContaining({ cause: expect.objectContaining({ code }) });

test('SESS4 an invitation is good for a week and for as many as it says', async () => {
  const invite = await anna.api.invite.create({ uses: 2 });
  expect(invite).toMatchObject({ code: expect.stringMatching(/^[\w-]{22}$/), usesLeft: 2 });
  expect(invite.expiresAt - Date.now()).toBeGreaterThan(6.9 * 24 * 3_600_000);
  expect(invite.expiresAt - Date.now()).toBeLessThan(7.1 * 24 * 3_600_000);
  await world.ports.invites.use(invite.code, Date.now());
  expect(await anna.api.invite.list()).toEqual([{ ...invite, usesLeft: 1 }]);
  await world.ports.invites.use(invite.code, Date.now());
  expect(await anna.api.invite.list()).toEqual([]);
  expect(await world.ports.invites.use(invite.code, Date.now())).toBe(false);
});

test('an invitation is its maker’s: nobody else sees or revokes it', async () => {
  const { code } = await anna.api.invite.create({});
  expect(await ben.api.invite.list()).toEqual([]);
  await expect(ben.api.invite.revoke({ code })).rejects.toEqual(refused('not-found'));
  await anna.api.invite.revoke({ code });
  expect(await world.ports.invites.use(code, Date.now())).toBe(false);
  await expect(anna.api.invite.revoke({ code })).rejects.toEqual(refused('not-found'));
});

test('twenty may be open at once', async () => {
  for (let count = 0; count < 20; count += 1) await anna.api.invite.create({});
  await expect(anna.api.invite.create({})).rejects.toEqual(refused('too-many-requests'));
  const [first] = await anna.api.invite.list();
  await anna.api.invite.revoke({ code: first?.code as string });
  await anna.api.invite.create({});
});
