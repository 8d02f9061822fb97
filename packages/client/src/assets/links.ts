import type { AssetLink } from '@tidings/api/asset';
import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { AssetId, ConversationId } from '@tidings/api/ids';

/** A link that ends sooner than this isn't begun with. */
const spareMs = 30_000;
/** What one call asks for at most. */
const most = 100;

/** As `asset.links` answers. */
export type AskLinks = (
  conversation: ConversationId,
  assets: readonly AssetId[],
) => Promise<readonly AssetLink[]>;

type Asked = { readonly resolve: (url: string) => void; readonly reject: (error: unknown) => void };

/** Signed links to assets, by which messages of a conversation may be had: asked for together where they are wanted together, and used until they end. */
export class Links {
  readonly #askLinks: AskLinks;
  readonly #clock: Clock;
  readonly #known = new Map<string, AssetLink>();
  readonly #asked = new Map<ConversationId, Map<AssetId, Asked[]>>();

  constructor(askLinks: AskLinks, clock: Clock) {
    this.#askLinks = askLinks;
    this.#clock = clock;
  }

  /** A link that holds for a while. Rejects with `not-found` when there is none for this user, `unavailable` without a line. */
  async link(conversation: ConversationId, asset: AssetId): Promise<string> {
    const known = this.#known.get(`${conversation}/${asset}`);
    if (known && known.until - this.#clock.now() > spareMs) return known.url;
    return new Promise((resolve, reject) => this.#ask(conversation, asset, { resolve, reject }));
  }

  /** It was refused: the next one is asked for anew, whatever it said of its end. */
  forget(conversation: ConversationId, asset: AssetId): void {
    this.#known.delete(`${conversation}/${asset}`);
  }

  #ask(conversation: ConversationId, asset: AssetId, asked: Asked): void {
    let assets = this.#asked.get(conversation);
    if (!assets) {
      assets = new Map();
      this.#asked.set(conversation, assets);
      this.#clock.soon(() => void this.#fetch(conversation));
    }
    assets.set(asset, [...(assets.get(asset) ?? []), asked]);
  }

  async #fetch(conversation: ConversationId): Promise<void> {
    const assets = [...(this.#asked.get(conversation) ?? [])];
    this.#asked.delete(conversation);
    for (let at = 0; at < assets.length; at += most)
      await this.#fetchSome(conversation, assets.slice(at, at + most));
  }

  async #fetchSome(
    conversation: ConversationId,
    asked: readonly (readonly [AssetId, Asked[]])[],
  ): Promise<void> {
    try {
      const links = await this.#askLinks(
        conversation,
        asked.map(([asset]) => asset),
      );
      for (const link of links) this.#known.set(`${conversation}/${link.id}`, link);
      const byId = new Map(links.map((link) => [link.id, link.url]));
      for (const [asset, waiting] of asked) {
        const url = byId.get(asset);
        for (const { resolve, reject } of waiting)
          if (url === undefined) reject(new TidingsError('not-found', asset));
          else resolve(url);
      }
    } catch (error) {
      for (const [, waiting] of asked) for (const { reject } of waiting) reject(error);
    }
  }
}
