import { type MediaContent, parseContent } from '@tidings/api/content';
import { TidingsError } from '@tidings/api/errors';
import { assetId } from '@tidings/api/ids';
import type { EncryptedFile } from '@tidings/api/media';
import { describe, expect, test } from 'vitest';
import { flushOutbox } from '../http-flush.ts';
import { MemoryStore } from '../memory-store.ts';
import { FakeCarrier } from '../testing/fake-carrier.ts';
import { anna, annaBen, group, type TestDevice, World } from '../testing/world.ts';

const text = (value: string) => ({ type: 'text' as const, text: value });

const file = (name: string, bytes = 1_000): EncryptedFile => ({
  asset: assetId(name.padEnd(43, '-')),
  check: 'c'.repeat(86),
  bytes,
  key: 'k'.repeat(43),
  size: bytes,
});

const photo = (...files: EncryptedFile[]): MediaContent => ({
  type: 'media',
  text: files[0]?.asset.replaceAll('-', '') ?? '',
  items: files.map((of) => ({ kind: 'image', file: of, mime: 'image/webp' })),
});

const logged = (world: World, id = annaBen) =>
  world.server
    .log(id)
    .list()
    .map((entry) => (parseContent(entry.content) as MediaContent).text);
const isEmpty = (device: TestDevice) => async () => (await device.store.outbox()).length === 0;
const states = async ({ store }: TestDevice) => (await store.outbox()).map((item) => item.state.type);
const asked = (world: World, path: string) => world.server.calls.filter((call) => call.path === path);

async function setUp(store = new MemoryStore()) {
  const world = new World();
  const carrier = new FakeCarrier(world.server);
  const device = await world.liveDevice(anna, { store, options: { assets: carrier.assets } });
  return { world, carrier, device };
}

describe('uploads', () => {
  test('ASSET10 a message with files is sent when they are there; what stands behind it waits, other conversations do not', async () => {
    const { world, device } = await setUp();
    await using _ = world;
    await device.engine.send(annaBen, photo(file('photo')));
    await device.engine.send(annaBen, text('behind'));
    await device.engine.send(group, text('elsewhere'));
    await world.clock.until(() => logged(world, group).includes('elsewhere'));
    expect(logged(world)).toEqual([]);
    expect(await states(device)).toContain('uploading');
    await world.clock.until(isEmpty(device));
    expect(logged(world)).toEqual(['photo', 'behind']);
    const [sent] = asked(world, 'message.send').filter((call) =>
      JSON.stringify(call.input).includes('photo'),
    );
    expect(sent?.input).toMatchObject({ messages: [{ assets: [file('photo').asset] }, {}] });
  });

  test('ASSET3 ASSET11 what the server has is not uploaded: a file of before, and a forward, which is not even offered', async () => {
    const { world, carrier, device } = await setUp();
    await using _ = world;
    world.server.assets.add(file('known').asset);
    await device.engine.send(annaBen, photo(file('known')));
    await world.clock.until(isEmpty(device));
    expect(asked(world, 'asset.offer')).toHaveLength(1);
    await device.engine.send(group, { ...photo(file('known')), forwarded: 1 });
    await world.clock.until(isEmpty(device));
    expect(asked(world, 'asset.offer')).toHaveLength(1);
    expect(carrier.attempts).toEqual([]);
    expect(logged(world, group)).toEqual(['known']);
  });

  test('at most two uploads at a time, each asset once', async () => {
    const { world, carrier, device } = await setUp();
    await using _ = world;
    await device.engine.send(annaBen, photo(...['a', 'b', 'c', 'd'].map((name) => file(name))));
    await device.engine.send(group, photo(file('a'), file('e')));
    await world.clock.until(isEmpty(device));
    expect(carrier.mostUnderWay).toBe(2);
    expect(carrier.attempts.map(({ asset }) => asset[0]).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test.each([
    [
      'before the offer',
      (world: World) => {
        world.server.faults.loseCall = once((path) => path === 'asset.offer');
      },
    ],
    [
      'before the answer to the offer',
      (world: World) => {
        world.server.faults.loseAnswer = once((path) => path === 'asset.offer');
      },
    ],
    [
      'before the send',
      (world: World) => {
        world.server.faults.loseCall = once((path) => path === 'message.send');
      },
    ],
    [
      'before the answer to the send',
      (world: World) => {
        world.server.faults.loseAnswer = once((path) => path === 'message.send');
      },
    ],
  ])('ASSET7 INV2 a line that is cut %s costs nothing but time', async (_, arrange) => {
    const { world, carrier, device } = await setUp();
    await using __ = world;
    arrange(world);
    await device.engine.send(annaBen, photo(file('photo')));
    await device.engine.send(annaBen, text('behind'));
    await world.clock.until(isEmpty(device));
    expect(logged(world)).toEqual(['photo', 'behind']);
    expect(carrier.attempts).toHaveLength(1);
  });

  test('ASSET7 an upload that is cut in its middle goes on where it stopped', async () => {
    const { world, carrier, device } = await setUp();
    await using _ = world;
    let failed = false;
    carrier.fail = (_asset, at) => {
      if (failed || at !== 500) return null;
      failed = true;
      return new TidingsError('unavailable', 'cut');
    };
    await device.engine.send(annaBen, photo(file('photo')));
    await world.clock.until(isEmpty(device));
    expect(carrier.attempts.map(({ from }) => from)).toEqual([0, 500]);
  });

  test('ASSET7 a page that is closed in mid-upload leaves the next one to go on', async () => {
    const store = new MemoryStore();
    const { world, carrier, device } = await setUp(store);
    await using _ = world;
    await device.engine.send(annaBen, photo(file('photo')));
    await world.clock.until(() => carrier.bytesOf(file('photo').asset) >= 300);
    await device.engine.stop();
    await world.clock.advance(1_000);
    const there = carrier.bytesOf(file('photo').asset);
    expect(there).toBeLessThan(1_000);
    const next = await world.liveDevice(anna, { store, options: { assets: carrier.assets } });
    await world.clock.until(isEmpty(next));
    expect(carrier.attempts.map(({ from }) => from)).toEqual([0, there]);
    expect(logged(world)).toEqual(['photo']);
    expect(await store.items([`~upload:${file('photo').asset}`])).toEqual([undefined]);
  });

  test('ASSET4 a send that misses its assets offers and uploads them again', async () => {
    const { world, carrier, device } = await setUp();
    await using _ = world;
    await device.engine.send(annaBen, { ...photo(file('lost')), forwarded: 1 });
    await world.clock.until(isEmpty(device));
    expect(carrier.attempts).toHaveLength(1);
    expect(logged(world)).toEqual(['lost']);
  });

  test.each(['quota-reached', 'too-large'] as const)(
    'ASSET8 %s fails the message for good, and lets pass what stands behind it',
    async (code) => {
      const { world, device } = await setUp();
      await using _ = world;
      world.server.faults.fail = ({ path }) => (path === 'asset.offer' ? new TidingsError(code) : null);
      const client = await device.engine.send(annaBen, photo(file('photo')));
      await device.engine.send(annaBen, text('behind'));
      await world.clock.until(() => logged(world).includes('behind'));
      await world.clock.until(async () => (await device.store.outbox()).length === 1);
      expect(await device.store.outbox()).toMatchObject([
        { clientId: client, state: { type: 'failed', code } },
      ]);
      world.server.faults.fail = () => null;
      await device.engine.retry(client);
      await world.clock.until(isEmpty(device));
      expect(logged(world)).toEqual(['behind', 'photo']);
    },
  );

  test('ASSET2 an asset that arrives broken goes once more, and then fails', async () => {
    const { world, carrier, device } = await setUp();
    await using _ = world;
    carrier.fail = (__, at) => (at === 900 ? new TidingsError('asset-broken') : null);
    await device.engine.send(annaBen, photo(file('photo')));
    await world.clock.until(async () => (await states(device))[0] === 'failed');
    expect(carrier.attempts.map(({ from }) => from)).toEqual([0, 0]);
  });

  test('a discarded message stops its upload and lets pass what stands behind it', async () => {
    const { world, carrier, device } = await setUp();
    await using _ = world;
    const client = await device.engine.send(annaBen, photo(file('photo', 100_000)));
    await device.engine.send(annaBen, text('behind'));
    await world.clock.until(() => carrier.bytesOf(file('photo').asset) > 0);
    await device.engine.discard(client);
    await world.clock.until(isEmpty(device));
    expect(logged(world)).toEqual(['behind']);
    await world.clock.until(() => carrier.underWay === 0);
    expect(world.server.assets.size).toBe(0);
  });

  test('an upload on which nothing moves is begun anew after half a minute', async () => {
    const { world, carrier, device } = await setUp();
    await using _ = world;
    let stuck = true;
    const carry = carrier.carry.bind(carrier);
    carrier.carry = (asset, bytes, journey) => {
      if (!stuck) return carry(asset, bytes, journey);
      stuck = false;
      return new Promise((__, reject) => {
        journey.signal.addEventListener('abort', () => reject(new TidingsError('unavailable')));
      });
    };
    await device.engine.send(annaBen, photo(file('photo')));
    await world.clock.until(isEmpty(device));
    expect(carrier.attempts).toHaveLength(1);
  });
});

describe('messages whose files are being prepared', () => {
  test('ASSET10 keep their place until it is said what they are', async () => {
    const { world, device } = await setUp();
    await using _ = world;
    const client = await device.engine.sendUnprepared(annaBen, photo(file('original', 0)));
    await device.engine.send(annaBen, text('behind'));
    await world.clock.advance(60_000);
    expect(await states(device)).toEqual(['preparing', 'waiting']);
    await device.engine.prepared(client, photo(file('made')));
    await world.clock.until(isEmpty(device));
    expect(logged(world)).toEqual(['made', 'behind']);
  });

  test('fail when there is none, and are made again when it is tried again', async () => {
    const { world, device } = await setUp();
    await using _ = world;
    const client = await device.engine.sendUnprepared(annaBen, photo(file('original', 0)));
    await device.engine.prepared(client, 'bad-input');
    expect(await states(device)).toEqual(['failed']);
    await device.engine.retry(client);
    expect(await states(device)).toEqual(['preparing']);
  });

  test('that were discarded stay so', async () => {
    const { world, device } = await setUp();
    await using _ = world;
    const client = await device.engine.sendUnprepared(annaBen, photo(file('original', 0)));
    await device.engine.discard(client);
    await device.engine.prepared(client, photo(file('made')));
    expect(await device.store.outbox()).toEqual([]);
  });

  test('OUT4 nothing expires while it waits for files, and everything a day after it could have been sent', async () => {
    const { world, device } = await setUp();
    await using _ = world;
    const client = await device.engine.sendUnprepared(annaBen, photo(file('original', 0)));
    await device.engine.send(annaBen, text('behind'));
    world.server.refuse = () => new TidingsError('unavailable');
    world.server.cut();
    const day = 24 * 3_600_000;
    await world.clock.advance(2 * day);
    await device.engine.prepared(client, 'bad-input');
    const flush = () =>
      flushOutbox({
        store: device.store,
        clock: world.clock,
        send: () => Promise.reject(new TidingsError('unavailable')),
      });
    await expect(flush()).rejects.toThrow();
    expect(await states(device)).toEqual(['failed', 'waiting']);
    await world.clock.advance(day + 1_000);
    await flush();
    expect(await device.store.outbox()).toMatchObject([
      { state: { code: 'bad-input' } },
      { state: { type: 'failed', code: 'expired' } },
    ]);
  });

  test('OUT6 ASSET10 the service worker leaves them and what stands behind them, and sends the rest', async () => {
    const { world, device } = await setUp();
    await using _ = world;
    world.server.refuse = () => new TidingsError('unavailable');
    world.server.cut();
    await device.engine.send(annaBen, photo(file('photo')));
    await device.engine.send(annaBen, text('behind'));
    await device.engine.send(group, text('elsewhere'));
    const sent: string[] = [];
    await flushOutbox({
      store: device.store,
      clock: world.clock,
      send: async (messages) =>
        messages.map(({ clientId, content }, index) => {
          sent.push((parseContent(content) as MediaContent).text);
          return { clientId, seq: (index + 1) as never, sentAt: 1 };
        }),
    });
    expect(sent).toEqual(['elsewhere']);
  });
});

/** True the first time that `is` is. */
function once(is: (path: string) => boolean): (path: string) => boolean {
  let done = false;
  return (path) => {
    if (done || !is(path)) return false;
    done = true;
    return true;
  };
}
