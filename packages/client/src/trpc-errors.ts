import { isErrorCode, TidingsError } from '@tidings/api/errors';

type Shaped = { readonly data?: { readonly code?: unknown; readonly retryAfterMs?: unknown } | null };

/** The domain's error behind what tRPC rejects with; `unavailable` when no server said anything. */
export function domainError(error: unknown): TidingsError {
  if (error instanceof TidingsError) return error;
  const data = (error as Shaped | null)?.data;
  if (!isErrorCode(data?.code)) return new TidingsError('unavailable', undefined, { cause: error });
  const retryAfterMs = typeof data.retryAfterMs === 'number' ? { retryAfterMs: data.retryAfterMs } : {};
  return new TidingsError(data.code, undefined, { cause: error, ...retryAfterMs });
}
