import type { Clock, Random } from '@tidings/api/clock';
import { type ErrorCode, TidingsError } from '@tidings/api/errors';

/** Whatever was broken, what waits is tried again within so long of its end, and then has as long to be done (INV7). */
export const maxBackoffMs = 5_000;

/** How long to wait before the `attempt`-th try (from 1): full jitter below `firstMs` · 2ⁿ, never sooner than the error asks. */
export function backoffMs(attempt: number, random: Random, error?: unknown): number {
  const most = Math.min(maxBackoffMs, 500 * 2 ** (attempt - 1));
  const asked = error instanceof TidingsError ? (error.retryAfterMs ?? 0) : 0;
  return asked + 50 + random() * most;
}

export type Patience = { readonly clock: Clock; readonly random: Random; readonly stopped: () => boolean };

/** Refused because of who asks or with what program, not because of what is asked: the line is about to be closed. */
const endsLine: ReadonlySet<string> = new Set<ErrorCode>([
  'not-signed-in',
  'session-ended',
  'outdated-client',
]);

/** True when the same call would always be refused. */
export const isRefusal = (error: unknown): error is TidingsError =>
  error instanceof TidingsError && error.retry === 'never' && !endsLine.has(error.code);

/**
 * Makes a call until it succeeds. `null` when `stopped` says so meanwhile (the line is gone: whoever has the next one asks
 * again), or when it is refused for good.
 */
export async function persist<T>(call: () => Promise<T>, patience: Patience): Promise<T | null> {
  for (let attempt = 1; !patience.stopped(); attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (isRefusal(error) || patience.stopped()) return null;
      await new Promise<void>((resolve) =>
        patience.clock.after(backoffMs(attempt, patience.random, error), resolve),
      );
    }
  }
  return null;
}
