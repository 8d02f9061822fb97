import type { ServerResponse } from 'node:http';
import { TidingsError } from '@tidings/api/errors';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { MakeLimiter } from '../../auth/limiter.ts';

const seconds = 60;
const wrongKeys = 30;

/** How often a key may be used, and how often an address may try keys that don't exist. */
export class ProgramLimits {
  readonly #keys: RateLimiterAbstract;
  readonly #addresses: RateLimiterAbstract;
  readonly #requests: number;

  /** `requests`: that a key has in a minute. */
  constructor(make: MakeLimiter, requests: number) {
    this.#requests = requests;
    this.#keys = make({ name: 'api-key', points: requests, duration: seconds });
    this.#addresses = make({ name: 'api-address', points: wrongKeys, duration: seconds });
  }

  /** Takes a request of a key and says in the answer what is left. Throws `too-many-requests`. */
  async take(key: string, response: ServerResponse): Promise<void> {
    const { stand, refused } = await consume(this.#keys, key);
    const inSeconds = Math.ceil(stand.msBeforeNext / 1_000);
    response.setHeader('RateLimit-Policy', `"key";q=${this.#requests};w=${seconds}`);
    response.setHeader('RateLimit', `"key";r=${Math.max(0, stand.remainingPoints)};t=${inSeconds}`);
    if (refused) throw tooMany(stand);
  }

  /**
   * Counts a wrong key. Throws `too-many-requests` beyond what an address may try. Right keys are never counted with it: many people's
   * programs can have one address, and a key can't be guessed.
   */
  async wrongKey(address: string): Promise<void> {
    const { stand, refused } = await consume(this.#addresses, address);
    if (refused) throw tooMany(stand);
  }
}

type Consumed = { readonly stand: RateLimiterRes; readonly refused: boolean };

async function consume(limiter: RateLimiterAbstract, key: string): Promise<Consumed> {
  try {
    return { stand: await limiter.consume(key), refused: false };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return { stand: refusal, refused: true };
  }
}

const tooMany = ({ msBeforeNext }: RateLimiterRes): TidingsError =>
  new TidingsError('too-many-requests', undefined, { retryAfterMs: msBeforeNext });
