import type { AccountItem } from '@tidings/api/account';
import { TidingsError } from '@tidings/api/errors';
import { accountId } from '@tidings/api/ids';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anna, annaBen, type TestDevice, World } from './testing/world.ts';

const draft = (text: string, at = 1): AccountItem => ({ key: `draft:${annaBen}`, value: { text, at } });
const itemOf = async (device: TestDevice, key: string) => (await device.store.items([key]))[0] ?? null;
const puts = (world: World): AccountItem[][] =>
  world.server.calls
    .filter((call) => call.path === 'account.put')
    .map((call) => (call.input as { items: AccountItem[] }).items);

describe('account', () => {
  test('ACCT1 a put shows on the other devices, whether they are there or come later', async () => {
    await using world = new World();
    const phone = await world.liveDevice(anna, { name: 'phone' });
    const desk = await world.liveDevice(anna, { name: 'desk' });
    await phone.engine.putItems([draft('half a thought'), { key: `pin:${annaBen}`, value: 5 }]);
    expect((await phone.store.conversation(annaBen))?.draft).toBe('half a thought');
    await world.clock.advance(100);
    const late = await world.liveDevice(anna, { name: 'late' });
    for (const device of [desk, late]) {
      expect(await device.store.conversation(annaBen)).toMatchObject({
        draft: 'half a thought',
        pinnedAt: 5,
      });
    }
    await desk.engine.putItems([{ key: `draft:${annaBen}`, value: null }]);
    await world.clock.advance(2_000);
    for (const device of [phone, desk, late])
      expect((await device.store.conversation(annaBen))?.draft).toBeNull();
  });

  test('ACCT3 puts made offline are kept over a restart and told in order, the later of a key only', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    world.server.refuse = () => new TidingsError('unavailable');
    world.server.cut();
    await device.engine.putItems([draft('one')]);
    await device.engine.putItems([{ key: `pin:${annaBen}`, value: 1 }]);
    await device.engine.putItems([draft('two')]);
    await device.engine.stop();
    world.server.refuse = null;
    const again = await world.liveDevice(anna, { store: device.store });
    await world.clock.advance(100);
    expect(puts(world)).toEqual([[{ key: `pin:${annaBen}`, value: 1 }, draft('two')]]);
    await world.clock.advance(2_000);
    expect(await itemOf(again, '~untold')).toBeNull();
  });

  test('ACCT3 a put that waits is not overwritten by older ones of other devices', async () => {
    await using world = new World();
    const phone = await world.liveDevice(anna, { name: 'phone' });
    const desk = await world.liveDevice(anna, { name: 'desk' });
    world.server.faults.fail = (call) =>
      call.path === 'account.put' && JSON.stringify(call.input).includes('mine')
        ? new TidingsError('unavailable')
        : null;
    await phone.engine.putItems([draft('mine')]);
    await desk.engine.putItems([draft('theirs')]);
    await world.clock.advance(200);
    expect((await phone.store.conversation(annaBen))?.draft).toBe('mine');
    expect((await desk.store.conversation(annaBen))?.draft).toBe('theirs');
    world.server.faults.fail = () => null;
    await world.clock.advance(5_000);
    for (const device of [phone, desk])
      expect((await device.store.conversation(annaBen))?.draft).toBe('mine');
  });

  test('a put that the server will never take stays on this device and holds up no other', async () => {
    await using world = new World();
    const device = await world.liveDevice(anna);
    world.server.faults.fail = (call) =>
      call.path === 'account.put' && JSON.stringify(call.input).includes('bad')
        ? new TidingsError('bad-input')
        : null;
    await device.engine.putItems([{ key: 'bad:key', value: 1 }]);
    await world.clock.advance(100);
    await device.engine.putItems([draft('good')]);
    await world.clock.advance(2_000);
    expect(world.server.log(accountId(anna)).list()).toHaveLength(1);
    expect([await itemOf(device, 'bad:key'), await itemOf(device, '~untold')]).toEqual([1, null]);
  });

  describe('a log that can’t be read', () => {
    /** A desk that has heard of the second of two puts, and can't read the first. */
    const behind = async (world: World) => {
      const [phone, desk] = [await world.liveDevice(anna), await world.liveDevice(anna, { name: 'desk' })];
      const heard = world.server.faults.pushDelays;
      world.server.faults.pushDelays = () => [];
      await phone.engine.putItems([draft('unheard')]);
      await world.clock.advance(100);
      world.server.faults.pushDelays = heard;
      world.server.unreadable = accountId(anna);
      await phone.engine.putItems([draft('heard')]);
      await world.clock.advance(100);
      return desk;
    };
    const draftOf = async (device: TestDevice) => (await device.store.conversation(annaBen))?.draft;

    test('ACCT1 for a moment is read again', async () => {
      await using world = new World();
      const desk = await behind(world);
      expect(await draftOf(desk)).toBeNull();
      world.server.unreadable = null;
      await world.clock.advance(2_000);
      expect(await draftOf(desk)).toBe('heard');
    });

    test('ACCT1 is read on a new line, while the old one’s reading still waits for its next try', async () => {
      await using world = new World();
      const desk = await behind(world);
      await world.clock.advance(20_000);
      const reads = () => world.server.calls.filter(({ path }) => path === 'message.read').length;
      const before = reads();
      await world.clock.until(() => reads() > before);
      world.server.cut();
      world.server.unreadable = null;
      await world.clock.advance(400);
      expect(await draftOf(desk)).toBe('heard');
    });
  });

  test('ACCT1 ACCT3 whatever is lost, late or cut, all devices end with the fold of the log', {
    timeout: 60_000,
  }, async () => {
    const put = fc.record({
      who: fc.nat(2),
      key: fc.constantFrom('pin', 'mute'),
      value: fc.option(fc.nat(99)),
      pause: fc.nat(60),
      cut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(put, { minLength: 3, maxLength: 25, size: 'max' }), async (all) => {
        await using world = new World();
        const devices = ['a', 'b', 'c'].map((name) => world.device(anna, { name }));
        const strikes = () => world.random() < 0.15;
        Object.assign(world.server.faults, {
          loseCall: strikes,
          loseAnswer: strikes,
          pushDelays: () => (strikes() ? [] : strikes() ? [40, 3] : [1]),
        });
        for (const { who, key, value, pause, cut } of all) {
          if (cut && strikes()) world.server.cut();
          await devices[who]?.engine.putItems([{ key: `${key}:${annaBen}`, value }]);
          await world.clock.advance(pause);
        }
        Object.assign(world.server.faults, {
          loseCall: () => false,
          loseAnswer: () => false,
          pushDelays: () => [1],
        });
        for (const device of devices) device.engine.wake();
        await world.clock.advance(10_000);
        const fold = new Map(
          world.server
            .log(accountId(anna))
            .list()
            .map((entry) => JSON.parse(entry.content) as AccountItem)
            .map(({ key, value }) => [key, value]),
        );
        for (const device of devices) {
          for (const name of ['pin', 'mute'])
            expect(await itemOf(device, `${name}:${annaBen}`)).toBe(fold.get(`${name}:${annaBen}`) ?? null);
          expect(await device.store.conversation(annaBen)).toMatchObject({
            pinnedAt: fold.get(`pin:${annaBen}`) ?? null,
            mutedUntil: fold.get(`mute:${annaBen}`) ?? null,
          });
          expect(await itemOf(device, '~untold')).toBeNull();
        }
      }),
      { numRuns: 60 },
    );
  });
});
