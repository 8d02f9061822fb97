import type { AssetId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import { hashesOf, once, someAsset } from './some-assets.ts';
import type { World } from './world.ts';

/** Offered and uploaded whole. */
export async function bring(world: World, caller: Caller, asset = someAsset(1_000)): Promise<AssetId> {
  const { assets } = world.services();
  const { uploads } = world.server();
  await world.do(assets.offer(caller, [hashesOf(asset)]));
  const { id } = await world.do(uploads.begin(caller.userId, hashesOf(asset)));
  await world.do(uploads.append(caller.userId, id, 0, once(asset.content)));
  return asset.id;
}
