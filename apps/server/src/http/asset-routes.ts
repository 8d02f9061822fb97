import type { IncomingMessage, ServerResponse } from 'node:http';
import { TidingsError } from '@tidings/api/errors';
import { isAssetId } from '@tidings/api/ids';
import { paths } from '@tidings/api/protocol';
import type { Content } from '@tidings/db/blob-store/port';
import type { AssetRecord } from '@tidings/db/directory/port';
import type { AssetDownloads } from '../services/asset-downloads.ts';
import type { AssetLinks } from '../services/asset-links.ts';
import { byteRangeOf } from './byte-range.ts';

export type AssetRoutesParts = { readonly downloads: AssetDownloads; readonly links: AssetLinks };

/** `GET` and `HEAD` of `/api/assets/<id>?e=…&s=…`: the link is all that it takes (ASSET5). */
export function assetRoutes({ downloads, links }: AssetRoutesParts) {
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const id = path.slice(paths.assets.length + 1);
    if ((request.method !== 'GET' && request.method !== 'HEAD') || !isAssetId(id))
      throw new TidingsError('not-found');
    links.check(id, signatureOf(request));
    const asset = await downloads.find(id);
    if (!asset) throw new TidingsError('not-found');
    await answer(request, response, { asset, downloads });
  };
}

/** Ciphertext: nobody's browser makes anything of it, and it never changes. */
const headersOf = ({ id }: AssetRecord) => ({
  'Content-Type': 'application/octet-stream',
  'Content-Disposition': 'attachment',
  'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'Cache-Control': 'public, max-age=31536000, immutable',
  'Accept-Ranges': 'bytes',
  ETag: `"${id}"`,
});

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { asset, downloads }: { readonly asset: AssetRecord; readonly downloads: AssetDownloads },
): Promise<void> {
  const { bytes } = asset;
  const headers = headersOf(asset);
  if (namesEtag(headers.ETag, request.headers['if-none-match'])) {
    response.writeHead(304, headers).end();
    return;
  }
  const ifRange = request.headers['if-range'];
  const isCurrent = ifRange === undefined || ifRange === headers.ETag;
  const range = byteRangeOf(isCurrent ? request.headers.range : undefined, bytes);
  if (range.type === 'outside') {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes}` }).end();
    return;
  }
  const { first, last } = range.type === 'part' ? range : { first: 0, last: bytes - 1 };
  const isHead = request.method === 'HEAD';
  const content = isHead ? null : await downloads.read(asset, first, last);
  if (!isHead && !content) throw new TidingsError('not-found');
  response.writeHead(range.type === 'part' ? 206 : 200, {
    ...headers,
    'Content-Length': last - first + 1,
    ...(range.type === 'part' ? { 'Content-Range': `bytes ${first}-${last}/${bytes}` } : {}),
  });
  if (!content) {
    response.end();
    return;
  }
  // Who goes away in the middle has what they have; a store that breaks off ends the line, so that nobody takes it for the whole.
  const length = last - first + 1;
  const sent = await send(content, response).catch(() => null);
  if (sent !== length) {
    response.destroy();
    return;
  }
  response.end();
  downloads.bytesSent += length;
}

/** How many bytes it were. */
async function send(content: Content, response: ServerResponse): Promise<number> {
  let bytes = 0;
  for await (const piece of content) {
    await written(response, piece);
    bytes += piece.byteLength;
  }
  return bytes;
}

/** Until the system has it: only then may the piece's memory be used again. Rejects when the line is gone. */
function written(response: ServerResponse, piece: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const gone = () => reject(new Error('the line is gone'));
  if (response.destroyed) gone();
  response.once('close', gone);
  response.write(piece, (error) => (error ? reject(error) : resolve()));
  return promise.finally(() => response.off('close', gone));
}

function signatureOf({ url = '' }: IncomingMessage): { readonly e: string; readonly s: string } {
  const query = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  return { e: query.get('e') ?? '', s: query.get('s') ?? '' };
}

const namesEtag = (etag: string, header = ''): boolean =>
  header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
