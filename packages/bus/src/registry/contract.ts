import type { DeviceId, HandlerId, UserId } from '@tidings/api/ids';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Setting, someDevice, someHandler, someUser } from '../testing/setting.ts';
import type { Connection, Registry } from './port.ts';

const leaseMs = 1_000;
/** Long enough that no lease ends while a test that isn't about leases runs. */
const longMs = 600_000;

export function describeRegistry(name: string, { open, pass }: Setting<Registry>): void {
  describe(`registry in ${name}`, () => {
    let registry: Registry;
    beforeAll(async () => {
      registry = await open();
    });

    async function handler(ms = longMs): Promise<HandlerId> {
      const id = someHandler();
      await registry.renew(id, ms);
      return id;
    }
    const handlersOf = async (user: UserId) => [...((await registry.handlersOf([user]))[0] ?? [])].sort();

    test('a registration that returned is seen by lookups', async () => {
      const [one, two] = [await handler(), await handler()];
      const [user, peer, absent] = [someUser(), someUser(), someUser()];
      await registry.register(one, [connection(user), connection(peer)]);
      await registry.register(two, [connection(user)]);
      expect(await handlersOf(user)).toEqual([one, two].sort());
      expect(await registry.handlersOf([absent, peer, absent])).toEqual([[], [one], []]);
      expect(await registry.handlersOf([])).toEqual([]);
    });

    test('a user stays while any of their connections does', async () => {
      const one = await handler();
      const user = someUser();
      const [phone, laptop] = [connection(user), connection(user)];
      await registry.register(one, [phone, laptop]);
      await registry.unregister(one, [phone]);
      expect(await handlersOf(user)).toEqual([one]);
      await registry.unregister(one, [laptop]);
      expect(await handlersOf(user)).toEqual([]);
    });

    test('the same connection twice counts twice', async () => {
      const one = await handler();
      const phone = connection(someUser());
      await registry.register(one, [phone, phone]);
      await registry.register(one, [phone]);
      await registry.unregister(one, [phone, phone]);
      expect(await handlersOf(phone.user)).toEqual([one]);
      await registry.unregister(one, [phone]);
      expect(await handlersOf(phone.user)).toEqual([]);
    });

    test('what isn’t registered can’t be taken away from what is', async () => {
      const [one, two] = [await handler(), await handler()];
      const phone = connection(someUser());
      await registry.unregister(one, [phone, phone]);
      await registry.register(one, [phone]);
      await registry.unregister(two, [phone]);
      await registry.unregister(one, [connection(phone.user), connection(someUser())]);
      expect(await handlersOf(phone.user)).toEqual([one]);
    });

    test('INV10 when a lease ends, all entries of its handler are dead at once', async () => {
      const [dying, living] = [await handler(leaseMs), await handler()];
      const users = Array.from({ length: 100 }, someUser);
      await registry.register(dying, users.map(connection));
      await registry.register(living, [connection(users[0] as UserId)]);
      await pass(leaseMs + 100);
      const [first, ...others] = await registry.handlersOf(users);
      expect(first).toEqual([living]);
      expect(others.flat()).toEqual([]);
    });

    test('INV10 a renewal keeps what is registered', async () => {
      const one = await handler(leaseMs);
      const phone = connection(someUser());
      await registry.register(one, [phone]);
      for (let renewals = 0; renewals < 4; renewals += 1) {
        await pass(leaseMs * 0.6);
        expect(await registry.renew(one, leaseMs)).toBe(true);
        expect(await handlersOf(phone.user)).toEqual([one]);
      }
      await pass(leaseMs + 100);
      expect(await handlersOf(phone.user)).toEqual([]);
    });

    test('INV10 after a lease ran out nothing comes back by itself; everybody is registered again', async () => {
      const one = await handler(leaseMs);
      const [before, between, after] = [
        connection(someUser()),
        connection(someUser()),
        connection(someUser()),
      ];
      await registry.register(one, [before]);
      await pass(leaseMs + 100);
      await registry.register(one, [between]);
      expect(await handlersOf(between.user)).toEqual([]);
      expect(await registry.renew(one, longMs)).toBe(false);
      await registry.register(one, [after]);
      const expected = [[], [], [one]];
      expect(await registry.handlersOf([before.user, between.user, after.user])).toEqual(expected);
      await registry.register(one, [before, between]);
      await registry.unregister(one, [before]);
      expect(await registry.handlersOf([before.user, between.user])).toEqual([[], [one]]);
    });

    test('a handler that leaves is gone with its entries', async () => {
      const one = await handler();
      const phone = connection(someUser());
      await registry.register(one, [phone]);
      await registry.leave(one);
      await registry.leave(one);
      expect(await handlersOf(phone.user)).toEqual([]);
      expect(await registry.renew(one, longMs)).toBe(false);
      expect(await handlersOf(phone.user)).toEqual([]);
    });

    test('any series of comings and goings leaves what a count of them leaves', async () => {
      const anyMove = fc.record({
        type: fc.constantFrom('register' as const, 'unregister' as const),
        handler: fc.nat(2),
        user: fc.nat(2),
        device: fc.nat(1),
      });
      const property = fc.asyncProperty(fc.array(anyMove, { maxLength: 40 }), async (moves) => {
        const handlers = [await handler(), await handler(), await handler()];
        const users = [someUser(), someUser(), someUser()];
        const devices = [someDevice(), someDevice()];
        const counts = new Map<string, number>();
        for (const move of moves) {
          const { user, device } = {
            user: users[move.user] as UserId,
            device: devices[move.device] as DeviceId,
          };
          await registry[move.type](handlers[move.handler] as HandlerId, [{ user, device }]);
          const key = `${move.handler} ${move.user} ${move.device}`;
          const count = (counts.get(key) ?? 0) + (move.type === 'register' ? 1 : -1);
          counts.set(key, Math.max(0, count));
        }
        const serves = (at: number, user: number) =>
          devices.some((_, device) => (counts.get(`${at} ${user} ${device}`) ?? 0) > 0);
        const expected = users.map((_, user) => handlers.filter((_, at) => serves(at, user)).sort());
        const found = await registry.handlersOf(users);
        expect(found.map((serving) => [...serving].sort())).toEqual(expected);
      });
      await fc.assert(property, { numRuns: 30 });
    });
  });
}

const connection = (user: UserId): Connection => ({ user, device: someDevice() });
