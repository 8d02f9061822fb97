import { TidingsError } from '@tidings/api/errors';
import ipaddr from 'ipaddr.js';
import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { MakeLimiter } from './limiter.ts';

const tenMinutes = 600;

/**
 * SESS3. An attempt counts before its outcome is known, so that a hundred at once are no way around it; success gives it back.
 * Counted are names, whether they exist or not, and addresses.
 */
export class SignInLimits {
  readonly #names: RateLimiterAbstract;
  readonly #addresses: RateLimiterAbstract;

  constructor(make: MakeLimiter) {
    this.#names = make({ name: 'sign-in-name', points: 10, duration: tenMinutes });
    this.#addresses = make({ name: 'sign-in-address', points: 50, duration: tenMinutes });
  }

  /** Throws `too-many-requests`; else takes an attempt, which the answer gives back: call it when the sign-in succeeded. */
  async attempt(username: string, address: string): Promise<() => Promise<void>> {
    const from = addressKey(address);
    await take(this.#addresses, from);
    await take(this.#names, username);
    return async () => {
      await Promise.all([this.#names.delete(username), this.#addresses.reward(from)]);
    };
  }
}

/** Sign-ups of an address. The machine's own isn't counted: tools, and proxies that nobody told us of. */
export class SignUpLimits {
  readonly #addresses: RateLimiterAbstract;

  constructor(make: MakeLimiter) {
    this.#addresses = make({ name: 'sign-up-address', points: 20, duration: tenMinutes });
  }

  async attempt(address: string): Promise<void> {
    if (!isLoopback(address)) await take(this.#addresses, addressKey(address));
  }
}

async function take(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (refusal instanceof Error) throw refusal;
    throw new TidingsError('too-many-requests', undefined, {
      retryAfterMs: (refusal as RateLimiterRes).msBeforeNext,
    });
  }
}

/** One person has 2^64 addresses of IPv6: those of one network count as one. */
function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toByteArray().slice(0, 8).join('.');
}

export const isLoopback = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
