import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const requestIdHeader = 'X-Request-Id';

const header = 'x-request-id';

/**
 * Gives a request its name, under which every log line about it is found: the one that a proxy which we trust gave it, or one made
 * here. From then on {@link requestIdOf} answers it, and nothing that a stranger sent.
 */
export function nameRequest(request: IncomingMessage, trustProxy: number): string {
  const given = trustProxy > 0 ? requestIdOf(request) : undefined;
  const id = given !== undefined && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
  request.headers[header] = id;
  return id;
}

export function requestIdOf({ headers }: IncomingMessage): string | undefined {
  const value = headers[header];
  return typeof value === 'string' ? value : undefined;
}
