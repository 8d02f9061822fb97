import { TidingsError } from '@tidings/api/errors';
import { deviceId, handlerId, userId } from '@tidings/api/ids';
import { MemoryRegistry } from '@tidings/bus/registry/memory';
import type { Connection, Registry } from '@tidings/bus/registry/port';
import { VirtualClock } from '@tidings/client/testing/virtual-clock';
import { beforeEach, describe, expect, test } from 'vitest';
import { Lease } from './lease.ts';

const id = handlerId('handler-1');
const connection = (name: string): Connection => ({
  user: userId(`${name}-0000`),
  device: deviceId(`${name}-device-0000000`),
});
const [anna, ben] = [connection('anna'), connection('ben')];
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let clock: VirtualClock;
let registry: Registry;
let here: Connection[];
let lease: Lease;
/** What the registry does not do; `done, but fails` when the answer is what gets lost. */
let broken: Partial<Record<keyof Registry, 'fails' | 'done, but fails'>>;

beforeEach(async () => {
  clock = new VirtualClock();
  broken = {};
  here = [];
  const sound = new MemoryRegistry(clock);
  registry = new Proxy<Registry>(sound, {
    get:
      (_, name: keyof Registry) =>
      async (...all: never[]) => {
        if (broken[name] === 'fails') throw new TidingsError('unavailable');
        const answer = await (sound[name] as (...all: never[]) => Promise<unknown>)(...all);
        if (broken[name]) throw new TidingsError('unavailable');
        return answer;
      },
  });
  const parts = { registry, clock, logger: silent, handlerId: id, leaseMs: 9_000 };
  lease = new Lease({ ...parts, here: () => here, madeAnew: () => {} });
  await lease.run();
});

const arrive = async (who: Connection) => {
  here.push(who);
  const registered = lease.register(who);
  await clock.advance(1);
  await registered;
};
const leave = async (who: Connection) => {
  here.splice(here.indexOf(who), 1);
  lease.unregister(who);
  await clock.advance(1);
};
const known = async () =>
  (await registry.handlersOf([anna.user, ben.user])).map((handlers) => handlers.length === 1);

describe('lease', () => {
  test('who arrives is known, who leaves is not', async () => {
    await arrive(anna);
    await arrive(ben);
    await leave(anna);
    expect(await known()).toEqual([false, true]);
  });

  test.each(['fails', 'done, but fails'] as const)(
    'INV10 after a registration that %s, everybody is known at the next renewal, once',
    async (how) => {
      broken = { register: how };
      await arrive(anna);
      broken = {};
      await arrive(ben);
      await clock.advance(3_000);
      expect(await known()).toEqual([true, true]);
      await leave(anna);
      expect(await known()).toEqual([false, true]);
    },
  );

  test.each(['leave', 'renew', 'register'] as const)(
    'when the registry has forgotten all and %s fails too, everybody is known after the next one',
    async (step) => {
      await arrive(anna);
      await registry.leave(id);
      broken = { [step]: 'done, but fails' };
      await clock.advance(3_000);
      broken = {};
      await clock.advance(3_000);
      expect(await known()).toEqual([true, false]);
      await leave(anna);
      expect(await known()).toEqual([false, false]);
    },
  );

  test('who left while the registry was down is not known when it is back', async () => {
    await arrive(anna);
    broken = { unregister: 'fails' };
    await leave(anna);
    broken = {};
    await clock.advance(3_000);
    expect(await known()).toEqual([false, false]);
  });

  test('nobody waits for a registry that is down', async () => {
    broken = { register: 'fails', renew: 'fails', leave: 'fails' };
    await arrive(anna);
    await clock.advance(10_000);
    await arrive(ben);
    expect(await known()).toEqual([false, false]);
  });
});
