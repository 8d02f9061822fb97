import type { AssetApi, AssetHashes, AssetLink, AssetUsage, OfferResult } from '@tidings/api/asset';
import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { AssetId, ConversationId, Timestamp, UserId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import type { AssetDirectory, ClaimRecord } from '@tidings/db/directory/port';
import { mayRead } from './access.ts';
import type { AssetLinks } from './asset-links.ts';
import type { CarriedAssets } from './carried-assets.ts';
import type { Access } from './parts.ts';

/** How long an asset that was offered, or brought, is there for its user without a message that carries it (ASSET6). */
export const claimMs = 7 * 86_400_000;

export type AssetLimits = {
  /** Bytes of ciphertext of a single asset. */
  readonly largest: number;
  /** Bytes of what each user brought and the server still has; 0: as much as they like. */
  readonly quota: number;
};

export type AssetServiceParts = {
  readonly assets: AssetDirectory;
  readonly access: Access;
  readonly carried: CarriedAssets;
  readonly links: AssetLinks;
  readonly clock: Clock;
};

/** Who may bring which assets, and who may have them. Bringing them: see `upload-service.ts`. */
export class AssetService implements AssetApi {
  /** Offers since the start, by what became of them. */
  readonly offers = { stored: 0, wanted: 0, refused: 0 };
  readonly #parts: AssetServiceParts;
  readonly #limits: AssetLimits;

  constructor(parts: AssetServiceParts, limits: AssetLimits) {
    this.#parts = parts;
    this.#limits = limits;
  }

  async offer(caller: Caller, offered: readonly AssetHashes[]): Promise<readonly OfferResult[]> {
    try {
      const results = await this.#offer(caller.userId, offered);
      for (const { state } of results) this.offers[state] += 1;
      return results;
    } catch (error) {
      this.offers.refused += offered.length;
      throw error;
    }
  }

  /** Claims first and looks then: what is answered as stored stays (see `AssetDirectory`). */
  async #offer(user: UserId, offered: readonly AssetHashes[]): Promise<readonly OfferResult[]> {
    const { assets, clock } = this.#parts;
    if (offered.some(({ bytes }) => bytes > this.#limits.largest)) throw new TidingsError('too-large');
    const until = clock.now() + claimMs;
    const claims = claimsOf(user, offered, until);
    const ids = claims.map(({ asset }) => asset);
    const before = new Set((await assets.claimsOf(user, ids, clock.now())).map(({ asset }) => asset));
    const stored = new Map((await assets.claim(claims)).map((asset) => [asset.id, asset]));
    try {
      for (const { asset, check, bytes } of claims) {
        const known = stored.get(asset);
        if (known && (known.check !== check || known.bytes !== bytes))
          throw new TidingsError('bad-input', 'another file of that id is there');
      }
      if (ids.some((id) => !stored.has(id) && !before.has(id))) await this.#requireQuota(user);
    } catch (error) {
      await assets.unclaim(
        user,
        ids.filter((id) => !before.has(id)),
        clock.now(),
      );
      throw error;
    }
    return offered.map(({ id }) =>
      stored.has(id) ? { id, state: 'stored', until } : { id, state: 'wanted' },
    );
  }

  /** What is claimed counts already: of several offers at once none can slip by, though all may be refused. */
  async #requireQuota(user: UserId): Promise<void> {
    const { quota } = this.#limits;
    if (quota === 0) return;
    const { stored, claimed } = await this.#parts.assets.usage(user, this.#parts.clock.now());
    if (stored + claimed > quota) throw new TidingsError('quota-reached');
  }

  async links(
    caller: Caller,
    conversation: ConversationId,
    assets: readonly AssetId[],
  ): Promise<readonly AssetLink[]> {
    const { access, carried, links } = this.#parts;
    const { membership } = await access.require(caller.userId, conversation, 'read');
    const places = await carried.placesOf(assets, conversation);
    const readable = new Set(places.filter(({ seq }) => mayRead(membership, seq)).map(({ asset }) => asset));
    return [...new Set(assets)].filter((id) => readable.has(id)).map((id) => links.to(id));
  }

  async usage(caller: Caller): Promise<AssetUsage> {
    const { stored } = await this.#parts.assets.usage(caller.userId, this.#parts.clock.now());
    return { bytes: stored, ...this.#limits };
  }
}

function claimsOf(user: UserId, offered: readonly AssetHashes[], until: Timestamp): readonly ClaimRecord[] {
  const claims = new Map<AssetId, ClaimRecord>();
  for (const { id, check, bytes } of offered) {
    const same = claims.get(id);
    if (same && (same.check !== check || same.bytes !== bytes))
      throw new TidingsError('bad-input', 'two files of one id');
    claims.set(id, { asset: id, user, check, bytes, until });
  }
  return [...claims.values()];
}
