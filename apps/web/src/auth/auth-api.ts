import type { SignedIn, SignIn, SignUp, SignUpPolicy } from '@tidings/api/auth';
import { isErrorCode, TidingsError } from '@tidings/api/errors';
import { paths } from '@tidings/api/protocol';

const answerWithinMs = 20_000;

/** All of these reject with a `TidingsError`: `unavailable` when the server can't be reached. */
export const signUp = (input: SignUp): Promise<SignedIn> => post('sign-up', input);

export const signIn = (input: SignIn): Promise<SignedIn> => post('sign-in', input);

export async function signUpPolicy(): Promise<SignUpPolicy> {
  return (await ask('policy')).json() as Promise<SignUpPolicy>;
}

/** Ends all other sessions of the user. */
export async function changePassword(current: string, next: string): Promise<void> {
  await ask('password', { current, next });
}

/** With the code of a link. Signs nobody in. */
export async function resetPassword(code: string, next: string): Promise<void> {
  await ask('reset', { code, next });
}

async function post(path: string, body: unknown): Promise<SignedIn> {
  return (await ask(path, body)).json() as Promise<SignedIn>;
}

async function ask(path: string, body?: unknown): Promise<Response> {
  const init: RequestInit = { cache: 'no-store', signal: AbortSignal.timeout(answerWithinMs) };
  if (body !== undefined) {
    init.method = 'POST';
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(`${paths.auth}/${path}`, init);
  } catch (cause) {
    throw new TidingsError('unavailable', path, { cause });
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

/** What the server said; a proxy's page in its place counts as `unavailable`. */
export async function errorOf(response: Response): Promise<TidingsError> {
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: unknown; message?: string; retryAfterMs?: number };
  } | null;
  const { code, message, retryAfterMs } = body?.error ?? {};
  if (!isErrorCode(code)) return new TidingsError('unavailable', `answered ${response.status}`);
  return new TidingsError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}
