import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../testing/browser.ts';
import { Origins } from './origins.ts';
import { makeHttpServer } from './server.ts';
import { StaticSite } from './static-site.ts';

const inline = 'self.__next_f=[]; console.log("ü")';
const page = (text: string) =>
  `<!doctype html><script src="/_next/static/a.js" async=""></script><script>${inline}</script><p>${text}</p>`;
const script = `const words = "${'many '.repeat(500)}";`;
/** As the build might have left it: larger than the server's own, so that one can tell them apart. */
const asBuilt = brotliCompressSync(script, { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } });
const files: Record<string, string | Buffer> = {
  'index.html': page('home'),
  'sign-in.html': page('sign in'),
  '404.html': page('nowhere'),
  '_next/static/a.js': script,
  '_next/static/built.js': script,
  '_next/static/built.js.br': asBuilt,
  '_next/static/changed.js': `${script} // changed since`,
  '_next/static/changed.js.br': asBuilt,
  'serwist/sw.js': 'self.addEventListener("fetch", () => {});',
  'manifest.webmanifest': '{}',
};

const config = { publicUrl: new URL('https://chat.example.org'), allowedOrigins: [], trustProxy: 0 };
const folder = mkdtempSync(join(tmpdir(), 'tidings-site-'));
const logged: object[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  server = makeHttpServer({
    api: {
      '/api/echo': (request, response) => void response.end(request.method),
      '/api/broken': () => {
        throw new Error('the secret reason');
      },
    },
    socket: (_request, socket) => void socket.destroy(),
    pages: await StaticSite.load(folder, config),
    origins: new Origins(config),
    logger: pino({}, { write: (line) => void logged.push(JSON.parse(line)) }),
    config,
  });
  url = await listen(server);
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers });

describe('the web app from memory', () => {
  test.each([
    ['/', 'home'],
    ['/?c=direct:a:b', 'home'],
    ['/index.html', 'nowhere'],
    ['/sign-in', 'sign in'],
    ['/sign-in/', 'sign in'],
    ['/sign-up/../../../etc/passwd', 'nowhere'],
    ['/%2e%2e/secrets.json', 'nowhere'],
  ])('%s shows %s', async (path, text) => {
    const answer = await get(path);
    expect(answer.status).toBe(text === 'nowhere' ? 404 : 200);
    expect(await answer.text()).toContain(`<p>${text}</p>`);
  });

  test('scripts run by their hash only, and nothing may frame the page', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? '';
    const hash = createHash('sha256').update(inline).digest('base64');
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect(policy.split('; ').find((part) => part.startsWith('script-src'))).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("connect-src 'self' wss://chat.example.org");
  });

  test.each(['/', '/_next/static/a.js', '/nowhere', '/api/echo', '/api/nowhere'])(
    '%s carries the usual headers',
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('payment=()');
      expect(headers.get('strict-transport-security')).toContain('max-age');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    },
  );

  test('hashed files are kept for ever; pages and the service worker are asked for again', async () => {
    expect((await get('/_next/static/a.js')).headers.get('cache-control')).toContain('immutable');
    expect((await get('/')).headers.get('cache-control')).toBe('no-cache');
    const worker = await get('/serwist/sw.js');
    expect(worker.headers.get('cache-control')).toBe('no-cache');
    expect(worker.headers.get('service-worker-allowed')).toBe('/');
    expect(worker.headers.get('content-type')).toContain('text/javascript');
    expect((await get('/manifest.webmanifest')).headers.get('content-type')).toContain(
      'application/manifest+json',
    );
  });

  test('answers 304 to who has it', async () => {
    const etag = (await get('/')).headers.get('etag') ?? '';
    const again = await get('/', { 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect((await get('/', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('compresses as the browser can', async () => {
    const encoding = async (accept: string) => {
      const answer = await get('/_next/static/a.js', { 'accept-encoding': accept });
      expect(await answer.text()).toBe(script);
      return answer.headers.get('content-encoding');
    };
    expect(await encoding('identity')).toBeNull();
    expect(await encoding('gzip')).toBe('gzip');
    expect(await encoding('gzip, deflate, br')).toBe('br');
  });

  test('what the build compressed is served as it is, unless the file says something else by now', async () => {
    const br = { 'accept-encoding': 'br' };
    const built = await get('/_next/static/built.js', br);
    expect(Number(built.headers.get('content-length'))).toBe(asBuilt.byteLength);
    expect(await built.text()).toBe(script);
    expect(await (await get('/_next/static/changed.js', br)).text()).toBe(`${script} // changed since`);
    expect((await get('/_next/static/built.js.br')).status).toBe(404);
  });

  test('pages are read, not written', async () => {
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    const head = await fetch(url, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(50);
  });
});

describe('the API beside it', () => {
  test('each answer names its request, and the log names it too', async () => {
    const first = (await get('/api/echo')).headers.get('x-request-id');
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    const failed = await get('/api/broken', { 'x-request-id': 'of-a-stranger' });
    const id = failed.headers.get('x-request-id');
    expect(id).not.toBe('of-a-stranger');
    expect(logged).toEqual([expect.objectContaining({ requestId: id, msg: 'a request failed' })]);
  });

  test('WIRE2 an unknown path and a failure inside are answered from the table', async () => {
    const unknown = await get('/api/nowhere');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { code: 'not-found' } });
    const broken = await get('/api/broken');
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain('secret');
  });

  test('SESS5 only our own pages may change things', async () => {
    const post = (origin?: string) =>
      fetch(`${url}/api/echo`, { method: 'POST', headers: origin ? { origin } : {} });
    expect((await post('https://chat.example.org')).status).toBe(200);
    expect((await post()).status).toBe(200);
    const refused = await post('https://evil.example');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: { code: 'not-allowed' } });
  });
});
