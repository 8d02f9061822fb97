import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AssetHashes, assetHashesSchema } from '@tidings/api/asset';
import { TidingsError } from '@tidings/api/errors';
import type { UserId } from '@tidings/api/ids';
import { paths } from '@tidings/api/protocol';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Sessions } from '../auth/sessions.ts';
import type { UploadService, UploadState } from '../services/upload-service.ts';

export type UploadRoutesParts = {
  readonly uploads: UploadService;
  readonly sessions: Sessions;
  /** Bytes of the largest asset that is taken. */
  readonly largest: number;
};

const version = '1.0.0';
/** A line on which nothing comes for so long is dead: what came is kept, and the client goes on over another. */
const silentMs = 120_000;

/**
 * `/api/uploads`: tus 1.0 with creation and termination, for signed-in callers and what they offered (docs/adr/0015-tus-by-hand.md). A
 * refusal is the domain's, as everywhere; 409 and 503 are those that tus clients try again after.
 */
export function uploadRoutes({ uploads, sessions, largest }: UploadRoutesParts) {
  const perUser = new RateLimiterMemory({ points: 1_000, duration: 600 });

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    response.setHeader('Tus-Resumable', version);
    response.setHeader('Cache-Control', 'no-store');
    if (request.method === 'OPTIONS') {
      const able = {
        'Tus-Version': version,
        'Tus-Extension': 'creation,termination',
        'Tus-Max-Size': largest,
      };
      response.writeHead(204, able).end();
      return;
    }
    const session = await sessions.ofCookie(request.headers.cookie);
    if (!session) throw new TidingsError('not-signed-in');
    if (request.headers['tus-resumable'] !== version) throw new TidingsError('bad-input', 'tus 1.0.0 only');
    const id = path.slice(paths.uploads.length + 1);
    if (request.method === 'POST' && id === '') {
      await perUser.consume(session.userId).catch(() => {
        throw new TidingsError('too-many-requests', undefined, { retryAfterMs: 60_000 });
      });
      const begun = await uploads.begin(session.userId, hashesOf(request));
      response.writeHead(201, { Location: `${paths.uploads}/${begun.id}` }).end();
      return;
    }
    await resume(uploads, { request, response, user: session.userId, id });
  };
}

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly user: UserId;
  readonly id: string;
};

async function resume(uploads: UploadService, { request, response, user, id }: Exchange): Promise<void> {
  switch (request.method) {
    case 'HEAD':
      response.writeHead(200, stateHeaders(await uploads.state(user, id))).end();
      return;
    case 'PATCH': {
      request.setTimeout(silentMs, () => request.destroy());
      const state = await uploads.append(user, id, offsetOf(request), bodyOf(request));
      response.writeHead(204, stateHeaders(state)).end();
      return;
    }
    case 'DELETE':
      await uploads.remove(user, id);
      response.writeHead(204).end();
      return;
    default:
      throw new TidingsError('not-found');
  }
}

const stateHeaders = ({ offset, bytes }: UploadState) => ({
  'Upload-Offset': offset,
  'Upload-Length': bytes,
});

/** A body that isn't read to its end leaves the line open for the answer. */
const bodyOf = (request: IncomingMessage): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }),
});

function offsetOf({ headers }: IncomingMessage): number {
  if (headers['content-type'] !== 'application/offset+octet-stream')
    throw new TidingsError('bad-input', 'the body must be application/offset+octet-stream');
  return wholeNumber(headers['upload-offset']);
}

function hashesOf({ headers }: IncomingMessage): AssetHashes {
  const metadata = metadataOf(headers['upload-metadata']);
  const bytes = wholeNumber(headers['upload-length']);
  const parsed = assetHashesSchema.safeParse({ id: metadata.get('id'), check: metadata.get('check'), bytes });
  if (!parsed.success) throw new TidingsError('bad-input', 'Upload-Metadata or Upload-Length');
  return parsed.data;
}

function wholeNumber(header: string | string[] | undefined): number {
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header))
    throw new TidingsError('bad-input', 'a number');
  return Number(header);
}

/** Names, each with its value in base64, and commas between. */
function metadataOf(header: string | string[] | undefined): ReadonlyMap<string, string> {
  const pairs = String(header ?? '')
    .split(',')
    .map((pair) => pair.trim().split(' '));
  return new Map(
    pairs.map(([name = '', value = '']) => [name, Buffer.from(value, 'base64').toString('utf8')]),
  );
}
