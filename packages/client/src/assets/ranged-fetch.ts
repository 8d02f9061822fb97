import { TidingsError } from '@tidings/api/errors';

export type RangedFetch = {
  readonly link: (renew: boolean) => Promise<string>;
  /** Positions, both ends included. */
  readonly range: { readonly first: number; readonly last: number };
  readonly signal: AbortSignal;
  /** The last attempt failed: perhaps because of its link. */
  readonly again?: boolean;
  readonly fetch?: typeof fetch;
};

/**
 * The bytes of an asset in `range`, which an interrupted answer may cut short. A link that the server finds expired is renewed once. Rejects
 * with `not-found`, `link-expired`, `asset-broken` when it is shorter than `range`, or `unavailable`.
 */
export async function fetchRange(wanted: RangedFetch): Promise<ReadableStream<Uint8Array>> {
  const first = await ask(wanted, wanted.again ?? false);
  const response = first.status === 403 || first.status === 410 ? await ask(wanted, true) : first;
  const { body } = response;
  if (response.status === 206 && body && beginsAt(response) === wanted.range.first) return body;
  if (response.status === 200 && body && wanted.range.first === 0) return body;
  await body?.cancel().catch(() => {});
  throw refusal(response.status);
}

async function ask(
  { link, range, signal, fetch: ask = fetch }: RangedFetch,
  renew: boolean,
): Promise<Response> {
  const url = await link(renew);
  try {
    return await ask(url, { headers: { range: `bytes=${range.first}-${range.last}` }, signal });
  } catch (cause) {
    throw new TidingsError('unavailable', 'no line', { cause });
  }
}

const beginsAt = (response: Response): number =>
  Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? -1);

function refusal(status: number): TidingsError {
  if (status === 404) return new TidingsError('not-found');
  if (status === 403 || status === 410) return new TidingsError('link-expired');
  if (status === 416) return new TidingsError('asset-broken', 'shorter than it should be');
  return new TidingsError('unavailable', `the file's host answered ${status}`);
}
