import type { EventBatch } from '@tidings/api/events';
import { sessionId } from '@tidings/api/ids';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Person, TestServices } from '../testing/test-services.ts';

// Password hashing, files and real time: slow on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const soon = { timeout: 20_000 };

let world: TestServices;
let anna: Person;

beforeEach(async () => {
  world = await TestServices.start();
  anna = await world.person('anna');
});
afterEach(() => world[Symbol.asyncDispose]());

const refused = (code: string) => expect.objectContaining({ cause: expect.objectContaining({ code }) });

async function anotherDevice(): Promise<Person> {
  const caller = await world.session('anna');
  return { caller, api: world.api(caller) };
}

/** Opens the device's stream; `ended` says why it was over. */
async function connect(device: Person): Promise<{ readonly ended: () => string | null }> {
  let reason: string | null = null;
  const stream = (await device.api.sync.stream()) as AsyncIterable<EventBatch>;
  const live = Promise.withResolvers<void>();
  void (async () => {
    for await (const batch of stream) {
      live.resolve();
      for (const event of batch) if (event.type === 'bye') reason = event.reason;
    }
  })();
  await live.promise;
  return { ended: () => reason };
}

describe('devices', () => {
  test('are the user’s sessions, this one first, with what is connected', async () => {
    const other = await anotherDevice();
    const ben = await world.person('ben');
    await connect(other);
    const devices = await anna.api.device.list();
    expect(devices.map((device) => [device.sessionId, device.current, device.connected])).toEqual([
      [anna.caller.sessionId, true, false],
      [other.caller.sessionId, false, true],
    ]);
    expect(devices.map(({ deviceId }) => deviceId)).toEqual([anna.caller.deviceId, other.caller.deviceId]);
    expect((await ben.api.device.list()).map((device) => device.sessionId)).toEqual([ben.caller.sessionId]);
  });

  test('have names that can be changed', async () => {
    await anna.api.device.rename({ sessionId: anna.caller.sessionId, name: '  Kitchen tablet ' });
    expect((await anna.api.device.list())[0]?.name).toBe('Kitchen tablet');
  });

  test('SESS1 INV9 revoking one closes what it has open, and only that', async () => {
    const lost = await anotherDevice();
    const kept = await anotherDevice();
    const [lostLine, keptLine, ownLine] = await Promise.all([lost, kept, anna].map(connect));
    await anna.api.device.revoke({ sessionId: lost.caller.sessionId });
    await vi.waitFor(() => expect(lostLine?.ended()).toBe('session-ended'), soon);
    expect([keptLine?.ended(), ownLine?.ended()]).toEqual([null, null]);
    expect((await anna.api.device.list()).map((device) => device.sessionId).sort()).toEqual(
      [anna, kept].map(({ caller }) => caller.sessionId as string).sort(),
    );
  });

  test('SESS1 revoking all others keeps this one', async () => {
    const others = [await anotherDevice(), await anotherDevice()];
    const lines = await Promise.all([...others, anna].map(connect));
    await anna.api.device.revokeOthers();
    const all = ['session-ended', 'session-ended', null];
    await vi.waitFor(() => expect(lines.map((line) => line.ended())).toEqual(all), soon);
    expect((await anna.api.device.list()).map((device) => device.sessionId)).toEqual([anna.caller.sessionId]);
    await anna.api.device.revokeOthers();
  });

  test('somebody else’s, and what isn’t there, can’t be told apart, nor touched', async () => {
    const ben = await world.person('ben');
    for (const session of [ben.caller.sessionId, sessionId('session-that-never-was')]) {
      await expect(anna.api.device.revoke({ sessionId: session })).rejects.toEqual(refused('not-found'));
      await expect(anna.api.device.rename({ sessionId: session, name: 'Mine' })).rejects.toEqual(
        refused('not-found'),
      );
    }
    expect(await ben.api.device.list()).toHaveLength(1);
  });
});
