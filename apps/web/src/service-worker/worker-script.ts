import type { Serwist } from 'serwist';

/**
 * The script of a worker that a page begins. As an answer of its own: one that comes out of a cache has the address under which it was put there,
 * without the fragment, and the worker would take that for its own; but in the fragment is what the build tells it.
 */
export async function workerScript(serwist: Serwist, request: Request): Promise<Response> {
  const kept = (await serwist.matchPrecache(request.url)) ?? (await fetch(request));
  const { status, statusText, headers } = kept;
  return new Response(kept.body, { status, statusText, headers });
}
