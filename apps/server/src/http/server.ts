import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TidingsError } from '@tidings/api/errors';
import { paths } from '@tidings/api/protocol';
import type { Config } from '../config.ts';
import type { Logger } from '../services/parts.ts';
import { answerError } from './answer.ts';
import type { Origins } from './origins.ts';
import { nameRequest, requestIdHeader } from './request-id.ts';
import { commonHeaders, dataPolicy } from './security-headers.ts';

export type Handle = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) => Promise<void> | void;
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** What answers where. `api` is by path: the first whose key the path equals, or begins with and a slash. */
export type Site = {
  readonly api: Readonly<Record<string, Handle>>;
  readonly socket?: Upgrade | undefined;
  /** Everything else: the web app. */
  readonly pages?: Pages | undefined;
  readonly origins: Origins;
  readonly logger: Logger;
  readonly config: Pick<Config, 'publicUrl' | 'trustProxy'>;
};

export type Pages = { handle: Handle; upgrade?: Upgrade };

/** A process's one port. Each request has a name, which its answer carries too (see `request-id.ts`). */
export function makeHttpServer(site: Site): Server {
  const common = Object.entries(commonHeaders(site.config));
  const routes = Object.entries(site.api);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of common) response.setHeader(name, value);
    response.setHeader(requestIdHeader, nameRequest(request, site.config.trustProxy));
    const path = pathOf(request);
    const route = routes.find(([key]) => path === key || path.startsWith(`${key}/`));
    if (!route && site.pages && !path.startsWith('/api/')) {
      await site.pages.handle(request, response, path);
      return;
    }
    response.setHeader('Content-Security-Policy', dataPolicy);
    if (!route) throw new TidingsError('not-found');
    // Programs bring keys, which no page of another site has: only cookies come by themselves.
    const hasCookies = route[0] !== paths.publicApi;
    if (hasCookies && request.method !== 'GET' && request.method !== 'HEAD') site.origins.require(request);
    if (route[0] !== paths.uploads) limitTime(request);
    await route[1](request, response, path);
  }

  const server = createServer({
    maxHeaderSize: 16_384,
    // Uploads take their time; everything else: see `limitTime`.
    requestTimeout: 0,
    headersTimeout: 20_000,
    keepAliveTimeout: 65_000,
  });
  server.on('request', (request, response) => {
    answer(request, response).catch((error) => answerError(response, error, site.logger));
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    nameRequest(request, site.config.trustProxy);
    if (site.socket && pathOf(request) === paths.socket) site.socket(request, socket, head);
    else if (site.pages?.upgrade) site.pages.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  return server;
}

/** A body must be here by then: who sends it byte by byte holds a connection for nothing. */
const bodyMs = 60_000;

function limitTime(request: IncomingMessage): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const impatience = setTimeout(() => request.destroy(), bodyMs);
  request.once('close', () => clearTimeout(impatience));
  request.once('end', () => clearTimeout(impatience));
}

/** Without the query. A path that isn't one is nowhere. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  const path = end < 0 ? url : url.slice(0, end);
  return path.startsWith('/') ? path : '/404';
}
