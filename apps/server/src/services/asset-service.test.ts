import type { AssetId, ConversationId } from '@tidings/api/ids';
import { accountId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashesOf, someAsset } from '../testing/some-assets.ts';
import { World } from '../testing/world.ts';
import { bring } from '../testing/world-assets.ts';

let world: World;
let ann: Caller;
let bob: Caller;
let eve: Caller;

beforeEach(async () => {
  world = await World.start({
    server: { assets: { largest: 10_000, quota: 25_000, linkSecret: 'a secret of these tests' } },
  });
  [ann, bob, eve] = await world.people('ann', 'bob', 'eve');
});
afterEach(() => world[Symbol.asyncDispose]());

const offer = (caller: Caller, ...assets: ReturnType<typeof someAsset>[]) =>
  world.do(world.services().assets.offer(caller, assets.map(hashesOf)));
const linked = async (caller: Caller, conversation: ConversationId, ...assets: AssetId[]) => {
  const links = await world.do(world.services().assets.links(caller, conversation, assets));
  return links.map(({ id }) => id);
};

describe('offers', () => {
  test('ASSET3 say what is there, in the order asked', async () => {
    const [there, wanted] = [someAsset(100), someAsset(100)];
    await bring(world, bob, there);
    expect(await offer(ann, wanted, there, wanted)).toEqual([
      { id: wanted.id, state: 'wanted' },
      { id: there.id, state: 'stored', until: world.clock.now() + 7 * 86_400_000 },
      { id: wanted.id, state: 'wanted' },
    ]);
  });
  test('of a file that is too large are refused', async () => {
    await expect(offer(ann, someAsset(10_001))).rejects.toMatchObject({ code: 'too-large' });
    expect(await offer(ann, someAsset(10_000))).toMatchObject([{ state: 'wanted' }]);
  });
  test('of another file under the id of one that is there are refused, and nothing is claimed', async () => {
    const there = someAsset(100);
    await bring(world, bob, there);
    for (const wrong of [
      { ...there, check: 'c'.repeat(86) },
      { ...there, bytes: 99 },
    ])
      await expect(offer(ann, wrong)).rejects.toMatchObject({ code: 'bad-input' });
    const chat = await world.direct(ann, bob);
    expect(await world.send(ann, chat, { assets: [there.id] })).toMatchObject({ error: 'asset-missing' });
  });
  test('ASSET8 beyond the quota are refused, with what is claimed and not there yet, and take nothing', async () => {
    await bring(world, ann, someAsset(10_000));
    expect(await offer(ann, someAsset(10_000))).toMatchObject([{ state: 'wanted' }]);
    await expect(offer(ann, someAsset(6_000))).rejects.toMatchObject({ code: 'quota-reached' });
    expect(await offer(ann, someAsset(5_000))).toMatchObject([{ state: 'wanted' }]);
    expect(await offer(bob, someAsset(10_000))).toMatchObject([{ state: 'wanted' }]);
  });
  test('ASSET8 of what others brought cost nothing, and what was offered before stays offered', async () => {
    const [theirs, own] = [someAsset(10_000), someAsset(10_000)];
    await bring(world, bob, theirs);
    await offer(ann, own, someAsset(10_000));
    expect(await offer(ann, theirs)).toMatchObject([{ state: 'stored' }]);
    expect(await offer(ann, own)).toMatchObject([{ state: 'wanted' }]);
    const { bytes, quota, largest } = await world.do(world.services().assets.usage(ann));
    expect({ bytes, quota, largest }).toEqual({ bytes: 0, quota: 25_000, largest: 10_000 });
    expect((await world.do(world.services().assets.usage(bob))).bytes).toBe(10_000);
  });
  test('ASSET8 many at once do not slip by the quota', async () => {
    const offers = Array.from({ length: 10 }, () =>
      world.services().assets.offer(ann, [hashesOf(someAsset(5_000))]),
    );
    const settled = await world.do(Promise.allSettled(offers));
    expect(settled.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(5);
  });
});

describe('ASSET5 links', () => {
  test('are for who may read a message that carries the asset, and for nobody else', async () => {
    const chat = await world.direct(ann, bob);
    const asset = await bring(world, ann);
    expect(await linked(bob, chat, asset)).toEqual([]);
    await world.sent(ann, chat, { assets: [asset] });
    expect(await linked(bob, chat, asset)).toEqual([asset]);
    expect(await linked(ann, chat, asset)).toEqual([asset]);
    await expect(linked(eve, chat, asset)).rejects.toMatchObject({ code: 'not-found' });
  });
  test('are of one conversation', async () => {
    const [chat, other] = [await world.direct(ann, bob), await world.direct(ann, eve)];
    const asset = await bring(world, ann);
    await world.sent(ann, chat, { assets: [asset] });
    expect(await linked(ann, other, asset)).toEqual([]);
    expect(await linked(eve, other, asset)).toEqual([]);
    expect(await linked(ann, accountId(ann.userId), asset)).toEqual([]);
    await expect(linked(eve, accountId(ann.userId), asset)).rejects.toMatchObject({ code: 'not-found' });
  });
  test('INV8 a removed member gets what was sent while they were in, a new one what was sent since', async () => {
    const group = await world.group(ann, bob);
    const [before, after] = [await bring(world, ann), await bring(world, ann)];
    await world.sent(ann, group, { assets: [before] });
    await world.do(world.services().groups.remove(ann, group, bob.userId));
    await world.do(world.services().groups.add(ann, group, [eve.userId]));
    await world.sent(ann, group, { assets: [after] });
    expect(await linked(bob, group, before, after)).toEqual([before]);
    expect(await linked(eve, group, before, after)).toEqual([after]);
    expect(await linked(ann, group, before, after)).toEqual([before, after]);
  });
  test('end with the message', async () => {
    const chat = await world.direct(ann, bob);
    const asset = await bring(world, ann);
    const [first, second] = [
      await world.sent(ann, chat, { assets: [asset] }),
      await world.sent(ann, chat, { assets: [asset] }),
    ];
    await world.settle();
    await world.sent(ann, chat, { kind: 'delete', target: first, content: '' });
    expect(await linked(bob, chat, asset)).toEqual([asset]);
    await world.sent(ann, chat, { kind: 'delete', target: second, content: '' });
    expect(await linked(bob, chat, asset)).toEqual([]);
  });
});
