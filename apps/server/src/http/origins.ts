import type { IncomingMessage } from 'node:http';
import { TidingsError } from '@tidings/api/errors';
import type { Config } from '../config.ts';

/**
 * Which pages may talk to this server with their user's cookie (SESS5). With PUBLIC_URL: that one and ALLOWED_ORIGINS. Without: the
 * address under which the page itself was got, and ALLOWED_ORIGINS. Browsers name the page with every POST and WebSocket; what
 * sends no Origin is no browser, and holds no cookie of somebody else's.
 */
export class Origins {
  readonly #allowed: ReadonlySet<string>;
  readonly #ownAddress: boolean;

  constructor(config: Pick<Config, 'publicUrl' | 'allowedOrigins'>) {
    this.#ownAddress = config.publicUrl === null;
    this.#allowed = new Set([
      ...(config.publicUrl ? [config.publicUrl.origin] : []),
      ...config.allowedOrigins,
    ]);
  }

  allows({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
    const { origin, host } = headers;
    if (origin === undefined || this.#allowed.has(origin)) return true;
    return this.#ownAddress && URL.canParse(origin) && new URL(origin).host === host;
  }

  /** Throws `not-allowed`. */
  require(request: Pick<IncomingMessage, 'headers'>): void {
    if (!this.allows(request)) throw new TidingsError('not-allowed', `a page of ${request.headers.origin}`);
  }
}
