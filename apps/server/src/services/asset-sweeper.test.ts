import type { AssetId, ConversationId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hashesOf, once, type SomeAsset, someAsset } from '../testing/some-assets.ts';
import { World } from '../testing/world.ts';
import { bring } from '../testing/world-assets.ts';
import { CachedAccess } from './access.ts';
import { AssetSweeper } from './asset-sweeper.ts';
import { CarriedAssets } from './carried-assets.ts';
import { LogReader } from './log-reader.ts';
import { TailCache } from './tail-cache.ts';

let world: World;
let ann: Caller;
let bob: Caller;
let chat: ConversationId;

beforeEach(async () => {
  world = await World.start();
  [ann, bob] = await world.people('ann', 'bob');
  chat = await world.direct(ann, bob);
});
afterEach(() => world[Symbol.asyncDispose]());

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A sweep as it is made when this much time has passed: leases and timers needn't run through all of it. */
function sweepAfter(ms: number): Promise<void> {
  const clock = { ...world.clock, now: () => world.clock.now() + ms };
  const ports = { ...world.ports, clock };
  const access = new CachedAccess(ports, { groupMs: 0, maxViews: 10 });
  const tails = new TailCache({ maxBytes: 1_000_000 });
  const reader = new LogReader({ ...ports, tails }, { dropsBuckets: false });
  const carried = new CarriedAssets({ ...ports, access, reader });
  return world.do(new AssetSweeper({ ...ports, carried }).sweep());
}
/** What may be unused by then is removed. */
async function sweepWellAfter(ms: number): Promise<void> {
  await sweepAfter(ms);
  await sweepAfter(ms + 2 * hourMs);
}
const isThere = async (asset: AssetId) => (await world.do(world.ports.assets.stored([asset]))).length === 1;
const holdsBlobOf = async (upload: string) =>
  (await world.ports.blobs.held({ name: upload, bytes: 1_000 })) > 0;
const blobOf = async (asset: AssetId) =>
  (await world.do(world.ports.assets.stored([asset])))[0]?.blob as string;

describe('ASSET6 an asset', () => {
  test('that was offered and not sent is removed after 7 days, with its blob', async () => {
    const asset = await bring(world, ann);
    const blob = await blobOf(asset);
    await sweepWellAfter(6 * dayMs);
    expect(await isThere(asset)).toBe(true);
    await sweepWellAfter(8 * dayMs);
    expect(await isThere(asset)).toBe(false);
    expect(await holdsBlobOf(blob)).toBe(false);
  });
  test('that a message carries stays, until the message is deleted', async () => {
    const asset = await bring(world, ann);
    const target = await world.sent(ann, chat, { assets: [asset] });
    await world.settle();
    await sweepWellAfter(30 * dayMs);
    expect(await isThere(asset)).toBe(true);
    await world.sent(ann, chat, { kind: 'delete', target, content: '' });
    await sweepWellAfter(30 * dayMs);
    expect(await isThere(asset)).toBe(false);
  });
  test('ASSET8 that is removed frees its user’s quota', async () => {
    await bring(world, ann);
    expect((await world.do(world.services().assets.usage(ann))).bytes).toBe(1_000);
    await sweepWellAfter(8 * dayMs);
    expect((await world.do(world.services().assets.usage(ann))).bytes).toBe(0);
  });
});

describe('what a crash left announced', () => {
  test('is settled when the message stands in the log', async () => {
    const asset = await bring(world, ann);
    vi.spyOn(world.ports.assetReferences, 'settle').mockRejectedValueOnce(new Error('crashed'));
    const position = await world.sent(ann, chat, { assets: [asset] });
    await sweepAfter(11 * 60_000);
    const found = await world.do(world.ports.assetReferences.find([asset], [chat]));
    expect(found).toMatchObject([{ seq: position }]);
  });
  test('is given up when it does not', async () => {
    const asset = await bring(world, ann);
    vi.spyOn(world.ports.messages, 'append').mockRejectedValue(new Error('crashed'));
    expect(await world.send(ann, chat, { assets: [asset] })).toMatchObject({ error: expect.any(String) });
    await sweepAfter(9 * 60_000);
    expect(await world.do(world.ports.assetReferences.find([asset], [chat]))).toHaveLength(1);
    await sweepAfter(11 * 60_000);
    expect(await world.do(world.ports.assetReferences.find([asset], [chat]))).toEqual([]);
  });
});

describe('ASSET6 an upload', () => {
  async function begun(asset: SomeAsset): Promise<string> {
    await world.do(world.services().assets.offer(ann, [hashesOf(asset)]));
    const { uploads } = world.server();
    const { id } = await world.do(uploads.begin(ann.userId, hashesOf(asset)));
    await world.do(uploads.append(ann.userId, id, 0, once(asset.content.subarray(0, 500))));
    return id;
  }

  test('that rested for 2 days is removed, and one that was gone on with is not', async () => {
    const [resting, moving] = [someAsset(1_000), someAsset(1_000)];
    const ids = [await begun(resting), await begun(moving)] as const;
    const { uploads } = world.server();
    await world.do(world.ports.uploads.touch(ids[1], world.clock.now() + dayMs));
    await sweepAfter(2.5 * dayMs);
    await expect(world.do(uploads.state(ann.userId, ids[0]))).rejects.toMatchObject({ code: 'not-found' });
    expect(await holdsBlobOf(ids[0])).toBe(false);
    expect(await world.do(uploads.state(ann.userId, ids[1]))).toMatchObject({ offset: 500 });
  });
  test('that became an asset is forgotten, and its blob stays', async () => {
    const asset = await bring(world, ann);
    await world.sent(ann, chat, { assets: [asset] });
    await world.settle();
    await sweepAfter(3 * dayMs);
    expect(await holdsBlobOf(await blobOf(asset))).toBe(true);
    expect(await world.do(world.ports.uploads.find(await blobOf(asset)))).toBeNull();
  });
  test('whose blob cannot be removed now is removed later', async () => {
    const id = await begun(someAsset(1_000));
    vi.spyOn(world.ports.blobs, 'remove').mockRejectedValueOnce(new Error('S3 is away'));
    await expect(sweepAfter(3 * dayMs)).rejects.toThrow();
    expect(await holdsBlobOf(id)).toBe(true);
    await sweepAfter(3 * dayMs);
    expect(await holdsBlobOf(id)).toBe(false);
  });
});
