import { createHash, randomBytes } from 'node:crypto';
import { secureId } from '@tidings/api/clock';
import {
  type AssetId,
  assetId,
  type ConversationId,
  groupId,
  type Seq,
  seq,
  type UserId,
  userId,
} from '@tidings/api/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  AssetDirectory,
  AssetReferenceDirectory,
  AssetSweepDirectory,
  CarryingSend,
  ClaimRecord,
  UploadDirectory,
  UploadRecord,
} from './port.ts';

export type AssetsUnderTest = {
  readonly assets: AssetDirectory;
  readonly assetReferences: AssetReferenceDirectory;
  readonly assetSweep: AssetSweepDirectory;
  readonly uploads: UploadDirectory;
  close(): Promise<void>;
};

const someAsset = (): AssetId => assetId(createHash('sha256').update(randomBytes(16)).digest('base64url'));
const someUser = (): UserId => userId(secureId());
const someGroup = (): ConversationId => groupId(secureId());

/** The suite's own time: far from any other's in the same directory, so that its sweeps find nothing else. */
const now = 4_000_000_000_000 + Math.floor(Math.random() * 1e9) * 1_000;
const dayMs = 86_400_000;

export function describeAssetDirectory(name: string, open: () => Promise<AssetsUnderTest>): void {
  describe(`assets in the directory on ${name}`, () => {
    let directory: AssetsUnderTest;
    beforeAll(async () => {
      directory = await open();
    });
    afterAll(() => directory.close());

    const claimOf = (user: UserId, asset = someAsset(), having: Partial<ClaimRecord> = {}): ClaimRecord => ({
      asset,
      user,
      check: 'c'.repeat(86),
      bytes: 1_000,
      until: now + dayMs,
      ...having,
    });
    const uploadOf = ({ asset, user, check, bytes }: ClaimRecord): UploadRecord => ({
      id: secureId(),
      asset,
      user,
      check,
      bytes,
      hasBlob: true,
      touchedAt: now,
    });
    async function uploaded(user = someUser(), asset = someAsset()): Promise<UploadRecord> {
      const claim = claimOf(user, asset);
      await directory.assets.claim([claim]);
      const upload = uploadOf(claim);
      await directory.uploads.create(upload);
      expect(await directory.assets.keep(upload, now)).toBe(true);
      return upload;
    }
    const sendOf = (assets: readonly AssetId[], conversation = someGroup()): CarryingSend => ({
      conversation,
      sendKey: `${someUser()}/${secureId()}/${secureId()}`,
      assets,
    });
    const seqsOf = async ({ assets, conversation }: CarryingSend): Promise<readonly (Seq | null)[]> =>
      (await directory.assetReferences.find(assets, [conversation])).map((reference) => reference.seq);
    const isThere = async (asset: AssetId) => (await directory.assets.stored([asset])).length === 1;
    /** Everything that may go by then is gone. */
    async function sweep(at: number): Promise<void> {
      await directory.assetSweep.expireClaims(at, at, 1_000);
      while ((await directory.assetSweep.removeUnused(at + 1, at, 1_000)).looked > 0);
    }

    describe('claims', () => {
      test('hold for their user, until they end', async () => {
        const [ann, bob] = [someUser(), someUser()];
        const claim = claimOf(ann);
        expect(await directory.assets.claim([claim])).toEqual([]);
        expect(await directory.assets.claimsOf(ann, [claim.asset, someAsset()], now)).toEqual([claim]);
        expect(await directory.assets.claimsOf(ann, [claim.asset], claim.until)).toEqual([]);
        expect(await directory.assets.claimsOf(bob, [claim.asset], now)).toEqual([]);
      });
      test('are renewed, and taken back', async () => {
        const claim = claimOf(someUser());
        await directory.assets.claim([claim]);
        const renewed = { ...claim, until: now + 2 * dayMs };
        await directory.assets.claim([renewed]);
        expect(await directory.assets.claimsOf(claim.user, [claim.asset], now + dayMs)).toEqual([renewed]);
        await directory.assets.unclaim(claim.user, [claim.asset], now);
        expect(await directory.assets.claimsOf(claim.user, [claim.asset], now)).toEqual([]);
      });
      test('count against their user while nobody has brought the asset', async () => {
        const [ann, bob] = [someUser(), someUser()];
        const claim = claimOf(ann, someAsset(), { bytes: 5 * 1024 ** 3 });
        await directory.assets.claim([claim, claimOf(ann, someAsset(), { until: now - 1 })]);
        expect(await directory.assets.usage(ann, now)).toEqual({ stored: 0, claimed: 5 * 1024 ** 3 });
        const theirs = claimOf(bob, claim.asset, { bytes: claim.bytes });
        await directory.assets.claim([theirs]);
        await directory.assets.keep(uploadOf(theirs), now);
        expect(await directory.assets.usage(ann, now)).toEqual({ stored: 0, claimed: 0 });
        expect(await directory.assets.usage(bob, now)).toEqual({ stored: 5 * 1024 ** 3, claimed: 0 });
      });
    });

    describe('what is there', () => {
      test('ASSET2 an asset is there once an upload was kept, and not before', async () => {
        const claim = claimOf(someUser());
        await directory.assets.claim([claim]);
        expect(await directory.assets.stored([claim.asset])).toEqual([]);
        const upload = uploadOf(claim);
        await directory.uploads.create(upload);
        expect(await directory.assets.stored([claim.asset])).toEqual([]);
        await directory.assets.keep(upload, now);
        const { asset: id, check, bytes, user: uploader } = claim;
        const record = { id, check, bytes, uploader, blob: upload.id, storedAt: now };
        expect(await directory.assets.stored([claim.asset, someAsset()])).toEqual([record]);
        expect(await directory.assets.claim([claimOf(someUser(), id)])).toEqual([record]);
        expect(await directory.uploads.find(upload.id)).toEqual({ ...upload, hasBlob: false });
      });
      test('ASSET3 of many uploads of one asset exactly one is kept', async () => {
        const asset = someAsset();
        const uploads = Array.from({ length: 8 }, () => uploadOf(claimOf(someUser(), asset)));
        for (const upload of uploads) await directory.uploads.create(upload);
        const kept = await Promise.all(uploads.map((upload) => directory.assets.keep(upload, now)));
        expect(kept.filter(Boolean)).toHaveLength(1);
        const [record] = await directory.assets.stored([asset]);
        expect(record?.blob).toBe(uploads[kept.indexOf(true)]?.id);
        const found = await Promise.all(uploads.map(({ id }) => directory.uploads.find(id)));
        expect(found.map((upload) => upload?.hasBlob)).toEqual(kept.map((won) => !won));
      });
      test('keeping one twice answers the same', async () => {
        const { asset, ...rest } = await uploaded();
        const again = { ...rest, asset };
        expect(await directory.assets.keep(again, now + 1)).toBe(true);
        expect((await directory.assets.stored([asset]))[0]?.storedAt).toBe(now);
      });
    });

    describe('references', () => {
      test('are open from the announcement until they are settled', async () => {
        const { asset } = await uploaded();
        const send = sendOf([asset]);
        await directory.assetReferences.announce(send, seq(7), now);
        const { conversation, sendKey } = send;
        const open = { asset, conversation, sendKey, seq: null, since: 7 };
        expect(await directory.assetReferences.find([asset], [conversation])).toEqual([open]);
        await directory.assetReferences.settle(send, seq(9));
        expect(await directory.assetReferences.find([asset], [conversation])).toEqual([{ ...open, seq: 9 }]);
      });
      test('an announcement that is repeated changes nothing', async () => {
        const [first, second] = [await uploaded(), await uploaded()];
        const send = sendOf([first.asset]);
        await directory.assetReferences.announce(send, seq(7), now);
        await directory.assetReferences.settle(send, seq(8));
        const more = { ...send, assets: [first.asset, second.asset] };
        await directory.assetReferences.announce(more, seq(20), now);
        const found = await directory.assetReferences.find(more.assets, [send.conversation]);
        expect(found.map(({ asset, seq: at, since }) => [asset, at, since]).sort()).toEqual(
          [
            [first.asset, 8, 7],
            [second.asset, null, 20],
          ].sort(),
        );
      });
      test('settling makes what was given up, and giving up leaves what is settled', async () => {
        const { asset } = await uploaded();
        const send = sendOf([asset]);
        await directory.assetReferences.announce(send, seq(1), now);
        await directory.assetReferences.giveUp(send, now);
        expect(await seqsOf(send)).toEqual([]);
        await directory.assetReferences.settle(send, seq(2));
        expect(await seqsOf(send)).toEqual([2]);
        await directory.assetReferences.giveUp(send, now);
        expect(await seqsOf(send)).toEqual([2]);
      });
      test('are found in the conversations that are named only', async () => {
        const { asset } = await uploaded();
        const [here, there] = [sendOf([asset]), sendOf([asset])];
        for (const send of [here, there]) await directory.assetReferences.settle(send, seq(1));
        const found = await directory.assetReferences.find([asset], [here.conversation, someGroup()]);
        expect(found.map(({ conversation }) => conversation)).toEqual([here.conversation]);
        expect(await directory.assetReferences.find([someAsset()], [here.conversation])).toEqual([]);
        expect(await directory.assetReferences.find([asset], [])).toEqual([]);
      });
      test('those that stayed open are found by their age', async () => {
        const { asset } = await uploaded();
        const [old, young, settled] = [sendOf([asset]), sendOf([asset]), sendOf([asset])];
        await directory.assetReferences.announce(old, seq(1), now - 5_000);
        await directory.assetReferences.announce(young, seq(1), now);
        await directory.assetReferences.announce(settled, seq(1), now - 5_000);
        await directory.assetReferences.settle(settled, seq(2));
        const keys = (await directory.assetReferences.open(now - 1, 10_000)).map(({ sendKey }) => sendKey);
        expect(keys).toContain(old.sendKey);
        expect(keys).not.toContain(young.sendKey);
        expect(keys).not.toContain(settled.sendKey);
      });
      test('go at a position, and up to one', async () => {
        const [one, two] = [await uploaded(), await uploaded()];
        const conversation = someGroup();
        const sends = [one, two, one, two].map(({ asset }) => sendOf([asset], conversation));
        for (const [at, send] of sends.entries()) await directory.assetReferences.settle(send, seq(at + 1));
        const both = [one.asset, two.asset];
        const positions = async () =>
          (await directory.assetReferences.find(both, [conversation])).map((each) => each.seq).sort();
        await directory.assetReferences.dropAt(conversation, seq(2), now);
        expect(await positions()).toEqual([1, 3, 4]);
        await directory.assetReferences.dropAt(someGroup(), seq(3), now);
        await directory.assetReferences.dropUpTo(conversation, seq(3), now);
        expect(await positions()).toEqual([4]);
      });
    });

    describe('ASSET6 what nothing needs', () => {
      const later = now + 2 * dayMs;

      test('a claim keeps its asset, until it ends', async () => {
        const { asset, user } = await uploaded();
        await directory.assets.unclaim(user, [asset], now);
        await directory.assets.claim([claimOf(someUser(), asset, { until: later })]);
        await sweep(later - 1);
        expect(await isThere(asset)).toBe(true);
        await sweep(later + 1);
        expect(await isThere(asset)).toBe(false);
      });
      test('a reference keeps its asset, open or settled, until it goes', async () => {
        const { asset } = await uploaded();
        const send = sendOf([asset]);
        await directory.assetReferences.announce(send, seq(1), now);
        await sweep(later);
        expect(await isThere(asset)).toBe(true);
        await directory.assetReferences.settle(send, seq(2));
        await sweep(later);
        expect(await isThere(asset)).toBe(true);
        await directory.assetReferences.dropAt(send.conversation, seq(2), later);
        await sweep(later);
        expect(await isThere(asset)).toBe(false);
      });
      test('of several references each keeps it', async () => {
        const { asset } = await uploaded();
        const [one, two] = [sendOf([asset]), sendOf([asset])];
        for (const send of [one, two]) await directory.assetReferences.settle(send, seq(3));
        await directory.assetReferences.dropUpTo(one.conversation, seq(3), now);
        await sweep(later);
        expect(await isThere(asset)).toBe(true);
        await directory.assetReferences.dropUpTo(two.conversation, seq(3), later);
        await sweep(later);
        expect(await isThere(asset)).toBe(false);
      });
      test('its blob is left to be removed, though its upload was forgotten', async () => {
        const [one, two] = [await uploaded(), await uploaded()];
        await directory.uploads.remove(two.id);
        await sweep(later);
        const resting = await directory.uploads.resting(1, 10_000);
        for (const upload of [one, two]) expect(resting).toContainEqual({ ...upload, touchedAt: 0 });
      });
      test('what is needed again since it was marked stays', async () => {
        const [claimed, sent] = [await uploaded(), await uploaded()];
        await directory.assetSweep.expireClaims(later, now, 1_000);
        await directory.assets.claim([claimOf(someUser(), claimed.asset, { until: later + dayMs })]);
        await directory.assetReferences.announce(sendOf([sent.asset]), seq(1), now);
        await sweep(later);
        expect(await isThere(claimed.asset)).toBe(true);
        expect(await isThere(sent.asset)).toBe(true);
      });
      test('it can be brought again', async () => {
        const { asset } = await uploaded();
        await sweep(later);
        expect(await isThere(asset)).toBe(false);
        const again = await uploaded(someUser(), asset);
        expect((await directory.assets.stored([asset]))[0]?.blob).toBe(again.id);
      });
    });

    describe('uploads', () => {
      test('are found until they are removed, and are under way until their blob is kept or gone', async () => {
        const claim = claimOf(someUser());
        const [old, young] = [{ ...uploadOf(claim), touchedAt: now - 1_000 }, uploadOf(claim)];
        await directory.uploads.create(young);
        await directory.uploads.create(old);
        const underWay = async () =>
          (await directory.uploads.underWay(claim.user, claim.asset)).map(({ id }) => id);
        expect(await underWay()).toEqual([old.id, young.id]);
        await directory.uploads.emptied(old.id);
        expect(await underWay()).toEqual([young.id]);
        expect(await directory.uploads.find(old.id)).toEqual({ ...old, hasBlob: false });
        await directory.uploads.remove(old.id);
        expect(await directory.uploads.find(old.id)).toBeNull();
        expect(await directory.uploads.underWay(someUser(), claim.asset)).toEqual([]);
      });
      test('rest since they were last touched', async () => {
        const old = () => ({ ...uploadOf(claimOf(someUser())), touchedAt: now - dayMs });
        const [touched, resting] = [old(), old()];
        for (const upload of [touched, resting]) await directory.uploads.create(upload);
        await directory.uploads.touch(touched.id, now);
        const found = await directory.uploads.resting(now - 1, 10_000);
        expect(found).toContainEqual(resting);
        expect(found.map(({ id }) => id)).not.toContain(touched.id);
      });
    });
  });
}
