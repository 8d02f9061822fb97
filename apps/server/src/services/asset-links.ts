import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AssetLink } from '@tidings/api/asset';
import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { AssetId } from '@tidings/api/ids';
import { paths } from '@tidings/api/protocol';

/**
 * A link holds for one to two hours: it ends at a whole hour, so that everybody who asks within the same hour gets the same link, and
 * browsers find what they have under it.
 */
const stepSeconds = 3_600;

/**
 * Links are `/api/assets/<id>?e=<end, seconds since the epoch>&s=<HMAC-SHA-256 of "<id>.<e>", base64url>`. Whoever has the secret can check
 * them without asking anybody, as the edge does (infra/nginx/assets.js).
 */
export class AssetLinks {
  readonly #secret: string;
  readonly #clock: Clock;

  constructor(parts: { readonly secret: string; readonly clock: Clock }) {
    this.#secret = parts.secret;
    this.#clock = parts.clock;
  }

  to(id: AssetId): AssetLink {
    const end = (Math.floor(this.#clock.now() / 1_000 / stepSeconds) + 2) * stepSeconds;
    return {
      id,
      url: `${paths.assets}/${id}?e=${end}&s=${this.#signature(id, String(end))}`,
      until: end * 1_000,
    };
  }

  /** @throws TidingsError `link-expired` for a link that ended, and for one that was never given. */
  check(id: AssetId, { e: end, s: signature }: { readonly e: string; readonly s: string }): void {
    const expected = Buffer.from(this.#signature(id, end));
    const given = Buffer.from(signature);
    const isOurs = given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
    if (!isOurs || Number(end) * 1_000 <= this.#clock.now()) throw new TidingsError('link-expired');
  }

  #signature(id: string, end: string): string {
    return createHmac('sha256', this.#secret).update(`${id}.${end}`).digest('base64url');
  }
}
