import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, gzip } from 'node:zlib';
import type { Config } from '../config.ts';
import { pagePolicy, workerPolicy } from './security-headers.ts';

type Encoding = 'identity' | 'gzip' | 'br';

type Asset = {
  readonly bodies: Partial<Record<Encoding, Buffer>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
const compressible = /^text|json|xml/;

/** The exported web app, held in memory (docs/adr/0005). */
export class StaticSite {
  readonly #assets: ReadonlyMap<string, Asset>;

  constructor(assets: ReadonlyMap<string, Asset>) {
    this.#assets = assets;
  }

  /** Reads the whole folder, and compresses what the build left as it was. An empty site when it isn't there. */
  static async load(folder: string, config: Pick<Config, 'publicUrl'>): Promise<StaticSite> {
    const files = filesIn(folder);
    const compressed = new Set(files.filter((file) => file.endsWith('.br')));
    const read = (file: string) => readFile(join(folder, file));
    const loading = files
      .filter((file) => !compressed.has(file))
      .map(async (file): Promise<[string, Asset]> => {
        const path = `/${file.replaceAll('\\', '/')}`;
        const br = compressed.has(`${file}.br`) ? await read(`${file}.br`) : null;
        return [pathOfPage(path), await makeAsset(path, { body: await read(file), br }, config)];
      });
    return new StaticSite(new Map(await Promise.all(loading)));
  }

  get isEmpty(): boolean {
    return !this.#assets.has('/');
  }

  handle(request: IncomingMessage, response: ServerResponse, path: string): void {
    const found = this.#assets.get(path.length > 1 ? path.replace(/\/$/, '') : path);
    const asset = found ?? this.#assets.get('/404');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    if (!asset) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found.\n');
      return;
    }
    if (found && request.headers['if-none-match']?.includes(asset.etag)) {
      response.writeHead(304, asset.headers).end();
      return;
    }
    const encoding = bestOf(asset, request.headers['accept-encoding'] ?? '');
    const body = asset.bodies[encoding] as Buffer;
    response.writeHead(found ? 200 : 404, {
      ...asset.headers,
      'Content-Length': body.byteLength,
      ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch {
    return [];
  }
}

/** Pages have no ending: `/sign-in.html` is `/sign-in`, and `/index.html` is `/`. */
const pathOfPage = (path: string): string => path.replace(/\/index\.html$/, '/').replace(/\.html$/, '');

/** `br`: as the build compressed it, if it did. */
type Source = { readonly body: Buffer; readonly br: Buffer | null };

async function makeAsset(
  path: string,
  { body, br }: Source,
  config: Pick<Config, 'publicUrl'>,
): Promise<Asset> {
  const type = types[extname(path)] ?? 'application/octet-stream';
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const isScript = type.startsWith('text/javascript');
  const html = type.startsWith('text/html') ? body.toString('utf8') : '';
  const headers = {
    'Content-Type': type,
    ETag: etag,
    Vary: 'Accept-Encoding',
    // Names under _next/static hold a hash of the content; everything else is asked for again, and mostly answered with 304.
    'Cache-Control': path.startsWith('/_next/static/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    'Content-Security-Policy': isScript ? workerPolicy(config) : pagePolicy(html, config),
    ...(isScript ? { 'Service-Worker-Allowed': '/' } : {}),
  };
  const compressed = compressible.test(type) && body.byteLength > 512 ? await compress(body, br) : {};
  return { bodies: { identity: body, ...compressed }, headers, etag };
}

async function compress(
  body: Buffer,
  br: Buffer | null,
): Promise<{ readonly br: Buffer; readonly gzip: Buffer }> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: body.byteLength };
  const [best, zipped] = await Promise.all([
    br && (await saysTheSame(br, body)) ? br : promisify(brotliCompress)(body, { params }),
    promisify(gzip)(body, { level: 6 }),
  ]);
  return { br: best, gzip: zipped };
}

/** A file that somebody changed after the build is served as it is now. */
async function saysTheSame(br: Buffer, body: Buffer): Promise<boolean> {
  const text = await promisify(brotliDecompress)(br).catch(() => null);
  return text?.equals(body) ?? false;
}

function bestOf({ bodies }: Asset, accepted: string): Encoding {
  if (bodies.br && /\bbr\b/.test(accepted)) return 'br';
  return bodies.gzip && /\bgzip\b/.test(accepted) ? 'gzip' : 'identity';
}
