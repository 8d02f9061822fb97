import { TidingsError } from '@tidings/api/errors';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { assetOf, hashesOf, once, type SomeAsset, someAsset } from '../testing/some-assets.ts';
import { World } from '../testing/world.ts';
import { bring } from '../testing/world-assets.ts';

let world: World;
let ann: Caller;
let bob: Caller;

beforeEach(async () => {
  world = await World.start({ servers: 2 });
  [ann, bob] = await world.people('ann', 'bob');
});
afterEach(() => world[Symbol.asyncDispose]());

const uploads = (at = 0) => world.server(at).uploads;
const offer = (caller: Caller, asset: SomeAsset) =>
  world.do(world.services().assets.offer(caller, [hashesOf(asset)]));
async function begun(caller: Caller, asset: SomeAsset): Promise<string> {
  await offer(caller, asset);
  return (await world.do(uploads().begin(caller.userId, hashesOf(asset)))).id;
}
const append = (caller: Caller, id: string, piece: { offset: number; content: Buffer }, at = 0) =>
  world.do(uploads(at).append(caller.userId, id, piece.offset, once(piece.content)));
const isThere = async ({ id }: SomeAsset) => (await world.do(world.ports.assets.stored([id]))).length === 1;

describe('beginning', () => {
  test('needs an offer of the user’s own, of the same file', async () => {
    const asset = someAsset(100);
    const begin = (caller: Caller, of = hashesOf(asset)) => world.do(uploads().begin(caller.userId, of));
    await expect(begin(ann)).rejects.toMatchObject({ code: 'asset-missing' });
    await offer(bob, asset);
    await expect(begin(ann)).rejects.toMatchObject({ code: 'asset-missing' });
    await offer(ann, asset);
    for (const wrong of [
      { ...hashesOf(asset), bytes: 99 },
      { ...hashesOf(asset), check: 'c'.repeat(86) },
    ])
      await expect(begin(ann, wrong)).rejects.toMatchObject({ code: 'bad-input' });
    expect(await begin(ann)).toMatchObject({ offset: 0, bytes: 100 });
  });
  test('again and again leaves five of them under way, and their blobs', async () => {
    const asset = someAsset(100);
    const ids: string[] = [];
    for (let count = 0; count < 8; count += 1) {
      ids.push(await begun(ann, asset));
      await append(ann, ids.at(-1) as string, { offset: 0, content: asset.content.subarray(0, 10) });
      await world.pass(1);
    }
    const underWay = await world.do(world.ports.uploads.underWay(ann.userId, asset.id));
    expect(underWay.map(({ id }) => id)).toEqual(ids.slice(-5));
    expect(await world.ports.blobs.held({ name: ids[0] as string, bytes: 100 })).toBe(0);
  });
});

describe('an upload', () => {
  test('is its user’s alone', async () => {
    const asset = someAsset(100);
    const id = await begun(ann, asset);
    const refused = { code: 'not-found' };
    await expect(world.do(uploads().state(bob.userId, id))).rejects.toMatchObject(refused);
    await expect(append(bob, id, { offset: 0, content: asset.content })).rejects.toMatchObject(refused);
    await expect(world.do(uploads().remove(bob.userId, id))).rejects.toMatchObject(refused);
    for (const trick of ['../../../etc/passwd', '', 'x', '\0'])
      await expect(world.do(uploads().state(ann.userId, trick))).rejects.toMatchObject(refused);
  });
  test('ASSET7 goes on at its offset only, in any process', async () => {
    const asset = someAsset(1_000);
    const id = await begun(ann, asset);
    await append(ann, id, { offset: 0, content: asset.content.subarray(0, 400) });
    for (const offset of [0, 399, 401, 1_000])
      await expect(append(ann, id, { offset, content: Buffer.from('x') })).rejects.toMatchObject({
        code: 'conflict',
      });
    expect(await world.do(uploads(1).state(ann.userId, id))).toMatchObject({ offset: 400 });
    await append(ann, id, { offset: 400, content: asset.content.subarray(400, 500) }, 1);
    const end = await append(ann, id, { offset: 500, content: asset.content.subarray(500) });
    expect(end).toMatchObject({ offset: 1_000 });
    expect(await isThere(asset)).toBe(true);
  });
  test('ASSET2 whose bytes are others is broken and removed, whoever saw them come', async () => {
    const asset = someAsset(1_000);
    const wrong = someAsset(1_000).content;
    for (const seenBy of [0, 1]) {
      const id = await begun(ann, asset);
      await append(ann, id, { offset: 0, content: wrong.subarray(0, 400) });
      await expect(
        append(ann, id, { offset: 400, content: wrong.subarray(400) }, seenBy),
      ).rejects.toMatchObject({ code: 'asset-broken' });
      expect(await world.ports.blobs.held({ name: id, bytes: 1_000 })).toBe(0);
      await expect(world.do(uploads().state(ann.userId, id))).rejects.toMatchObject({ code: 'not-found' });
    }
    expect(await isThere(asset)).toBe(false);
    await bring(world, ann, asset);
    expect(await isThere(asset)).toBe(true);
  });
  test('ASSET2 whose second hash is another is broken as well', async () => {
    const asset = { ...someAsset(100), check: 'c'.repeat(86) };
    const id = await begun(ann, asset);
    await expect(append(ann, id, { offset: 0, content: asset.content })).rejects.toMatchObject({
      code: 'asset-broken',
    });
    expect(await isThere(asset)).toBe(false);
  });
  test('ASSET2 that is longer than was said is refused', async () => {
    const asset = someAsset(100);
    const id = await begun(ann, asset);
    const longer = Buffer.concat([asset.content, Buffer.from('and more')]);
    await expect(append(ann, id, { offset: 0, content: longer })).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(await isThere(asset)).toBe(false);
  });
  test('that is shorter is not there, and waits for the rest', async () => {
    const asset = someAsset(100);
    const id = await begun(ann, asset);
    expect(await append(ann, id, { offset: 0, content: asset.content.subarray(0, 99) })).toMatchObject({
      offset: 99,
    });
    expect(await isThere(asset)).toBe(false);
  });
  test('ASSET7 that came whole before a crash is checked before anybody is told that it is here', async () => {
    const [good, bad] = [someAsset(100), someAsset(100)];
    const ids = [await begun(ann, good), await begun(ann, bad)] as const;
    await world.ports.blobs.append({ name: ids[0], bytes: 100 }, 0, once(good.content));
    await world.ports.blobs.append({ name: ids[1], bytes: 100 }, 0, once(good.content));
    expect(await world.do(uploads().state(ann.userId, ids[0]))).toMatchObject({ offset: 100 });
    expect(await isThere(good)).toBe(true);
    await expect(world.do(uploads().state(ann.userId, ids[1]))).rejects.toMatchObject({
      code: 'asset-broken',
    });
  });
  test('ASSET7 keeps what came when its line breaks', async () => {
    const asset = someAsset(1_000);
    const id = await begun(ann, asset);
    const breaking = (async function* () {
      yield asset.content.subarray(0, 300);
      throw new Error('ECONNRESET');
    })();
    await expect(world.do(uploads().append(ann.userId, id, 0, breaking))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await world.do(uploads().state(ann.userId, id))).toMatchObject({ offset: 300 });
    await append(ann, id, { offset: 300, content: asset.content.subarray(300) });
    expect(await isThere(asset)).toBe(true);
  });
  test('ASSET7 goes on when there is room again', async () => {
    const asset = someAsset(1_000);
    const id = await begun(ann, asset);
    await append(ann, id, { offset: 0, content: asset.content.subarray(0, 300) });
    vi.spyOn(world.ports.blobs, 'append').mockRejectedValueOnce(new TidingsError('storage-full'));
    await expect(
      append(ann, id, { offset: 300, content: asset.content.subarray(300) }),
    ).rejects.toMatchObject({
      code: 'storage-full',
    });
    const { offset } = await world.do(uploads().state(ann.userId, id));
    await append(ann, id, { offset, content: asset.content.subarray(offset) });
    expect(await isThere(asset)).toBe(true);
  });
  test('that is removed is gone', async () => {
    const asset = someAsset(100);
    const id = await begun(ann, asset);
    await append(ann, id, { offset: 0, content: asset.content.subarray(0, 50) });
    await world.do(uploads().remove(ann.userId, id));
    await expect(world.do(uploads().state(ann.userId, id))).rejects.toMatchObject({ code: 'not-found' });
    expect(await world.ports.blobs.held({ name: id, bytes: 100 })).toBe(0);
  });
});

describe('ASSET3 one file from many', () => {
  test('fifty devices at once leave one blob, and all of them succeed', async () => {
    const asset = someAsset(10_000);
    const people = await world.people(...Array.from({ length: 50 }, (_, at) => `person-${at}`));
    const ids: string[] = [];
    for (const person of people) ids.push(await begun(person, asset));
    const ended = await world.do(
      Promise.all(
        people.map((person, at) =>
          uploads(at % 2).append(person.userId, ids[at] as string, 0, once(asset.content)),
        ),
      ),
    );
    expect(ended.map(({ offset }) => offset)).toEqual(people.map(() => asset.bytes));
    const held = await Promise.all(ids.map((name) => world.ports.blobs.held({ name, bytes: asset.bytes })));
    expect(held.filter((bytes) => bytes > 0)).toHaveLength(1);
    expect(await isThere(asset)).toBe(true);
  });
  test('an upload is over when somebody else has brought the file', async () => {
    const asset = assetOf(Buffer.from('the same'));
    const id = await begun(ann, asset);
    await append(ann, id, { offset: 0, content: asset.content.subarray(0, 3) });
    await bring(world, bob, asset);
    expect(await world.do(uploads().state(ann.userId, id))).toMatchObject({ offset: asset.bytes });
    await expect(append(ann, id, { offset: 3, content: asset.content.subarray(3) })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
