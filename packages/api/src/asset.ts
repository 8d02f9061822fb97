import { z } from 'zod';
import { assetIdSchema, conversationIdSchema, timestampSchema } from './id-schemas.ts';
import type { AssetId, ConversationId } from './ids.ts';
import { type Caller, router, signedIn } from './trpc.ts';

/**
 * Assets: encrypted files beside the log. An asset is named by the SHA-256 of its ciphertext; a second, independent hash and the length
 * guard against a collision of the first. The server never has a key, so it knows an asset's hashes, its length, who uploaded it and
 * which messages carry it, and nothing else.
 *
 * A device asks by hash first ({@link AssetApi.offer}), uploads what isn't there by tus (`paths.uploads`), and sends a message that names its
 * assets (`assets` of `outgoingSchema`). Downloads are plain `GET`s, with `Range`, of signed links that expire ({@link AssetApi.links}).
 */

/** Assets that one message carries: ten pictures or videos, with a poster for each. */
export const maxAssetsPerMessage = 20;
/** Bytes of ciphertext of the largest asset that any server takes; a server may be set to take less. */
export const maxAssetBytes = 8 * 1024 ** 3;

/** What an asset's bytes are, said before they are there. */
export const assetHashesSchema = z.object({
  /** SHA-256 of the ciphertext, base64url. */
  id: assetIdSchema,
  /** BLAKE2b-512 of the ciphertext, base64url. */
  check: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  /** Bytes of ciphertext. */
  bytes: z.number().int().min(1).max(maxAssetBytes),
});
export type AssetHashes = z.infer<typeof assetHashesSchema>;

/**
 * - `stored`: nothing to upload. The caller may send it until `until`, and longer once a message carries it.
 * - `wanted`: to be uploaded, by tus: the same asset may be under way from another device, or from this one before it was interrupted.
 */
export const offerResultSchema = z.union([
  z.object({ id: assetIdSchema, state: z.literal('stored'), until: timestampSchema }),
  z.object({ id: assetIdSchema, state: z.literal('wanted') }),
]);
export type OfferResult = z.infer<typeof offerResultSchema>;

/** `url` is a path of the same origin, or whole when another host serves downloads. Absent for what the caller may not have. */
export const assetLinkSchema = z.object({ id: assetIdSchema, url: z.string(), until: timestampSchema });
export type AssetLink = z.infer<typeof assetLinkSchema>;

/** Bytes of the caller's uploads that are kept, and how many may be. */
export const assetUsageSchema = z.object({
  bytes: z.number().int(),
  quota: z.number().int(),
  /** The largest single asset that this server takes. */
  largest: z.number().int(),
});
export type AssetUsage = z.infer<typeof assetUsageSchema>;

export interface AssetApi {
  /**
   * Claims assets by their hashes before an upload; answers in the order asked. `too-large` and `quota-reached` when one doesn't fit;
   * `bad-input` when an asset of that id is there with another check or length.
   */
  offer(caller: Caller, assets: readonly AssetHashes[]): Promise<readonly OfferResult[]>;
  /**
   * Links for assets that readable messages of the conversation carry (ACC1, INV8); what isn't there, or not for the caller, is left out.
   */
  links(
    caller: Caller,
    conversation: ConversationId,
    assets: readonly AssetId[],
  ): Promise<readonly AssetLink[]>;
  usage(caller: Caller): Promise<AssetUsage>;
}

export const assetRouter = router({
  offer: signedIn
    .input(z.object({ assets: z.array(assetHashesSchema).min(1).max(maxAssetsPerMessage) }))
    .mutation(({ ctx, input }) => ctx.services.assets.offer(ctx.caller, input.assets)),
  links: signedIn
    .input(z.object({ conversationId: conversationIdSchema, assets: z.array(assetIdSchema).min(1).max(100) }))
    .query(({ ctx, input }) => ctx.services.assets.links(ctx.caller, input.conversationId, input.assets)),
  usage: signedIn.query(({ ctx }) => ctx.services.assets.usage(ctx.caller)),
});
