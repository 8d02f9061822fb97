import type { SignedIn } from '@tidings/api/auth';
import { type ErrorCode, isErrorCode, TidingsError } from '@tidings/api/errors';
import { paths } from '@tidings/api/protocol';

export type SessionAnswer =
  | { readonly type: 'signed-in'; readonly session: SignedIn }
  | { readonly type: 'signed-out'; readonly code: ErrorCode }
  /** No line, or the server is down: nothing is known. */
  | { readonly type: 'unknown' };

const answerWithinMs = 10_000;

export async function askSession(): Promise<SessionAnswer> {
  try {
    const response = await fetch(`${paths.auth}/session`, {
      cache: 'no-store',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    if (response.ok) return { type: 'signed-in', session: (await response.json()) as SignedIn };
    if (response.status !== 401) return { type: 'unknown' };
    return { type: 'signed-out', code: await codeOf(response) };
  } catch {
    return { type: 'unknown' };
  }
}

/** Rejects with `unavailable` when the server can't be reached: the cookie is its to clear. */
export async function endSession(): Promise<void> {
  let response: Response;
  try {
    response = await fetch(`${paths.auth}/sign-out`, {
      method: 'POST',
      signal: AbortSignal.timeout(answerWithinMs),
    });
  } catch (cause) {
    throw new TidingsError('unavailable', 'sign-out', { cause });
  }
  if (!response.ok && response.status !== 401)
    throw new TidingsError('unavailable', `sign-out answered ${response.status}`);
}

async function codeOf(response: Response): Promise<ErrorCode> {
  const body = (await response.json().catch(() => null)) as { error?: { code?: unknown } } | null;
  return isErrorCode(body?.error?.code) ? body.error.code : 'not-signed-in';
}
