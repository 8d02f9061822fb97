import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { protocolVersion } from '@tidings/api/protocol';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { readConfig } from './config.ts';
import { type Server, startServer } from './start.ts';
import { Browser } from './testing/browser.ts';

// Password hashing, files and real time: slow on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const logger = pino({ level: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'tidings-start-'));
let server: Server;

const start = (settings: Record<string, string> = {}) =>
  startServer(
    readConfig(
      { PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder, WEB_DIR: join(folder, 'web'), ...settings },
      [],
      folder,
    ),
    logger,
  );

beforeAll(async () => {
  server = await start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const addressOf = ({ url }: Server) => url.replace('localhost', '127.0.0.1');

/** A signed-in browser of a new user. */
async function signedIn(
  username: string,
  on = server,
): Promise<Browser & { readonly userId: string; readonly sessionId: string }> {
  const browser = new Browser(addressOf(on));
  const answer = await browser.post('/api/auth/sign-up', {
    username,
    displayName: username,
    password: 'correct horse',
  });
  return Object.assign(browser, (await answer.json()) as { userId: string; sessionId: string });
}

const call = async (
  browser: Browser,
  procedure: string,
  input: unknown,
  headers: Record<string, string> = {},
) => {
  const answer = await browser.post(`/api/rpc/${procedure}`, input, { headers });
  return {
    status: answer.status,
    body: (await answer.json()) as { result?: { data: unknown }; error?: { data: unknown } },
  };
};
const query = async (browser: Browser, procedure: string, input?: unknown) => {
  const search = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const answer = await browser.get(`/api/rpc/${procedure}${search}`);
  return {
    status: answer.status,
    body: (await answer.json()) as { result?: { data: unknown }; error?: { data: unknown } },
  };
};

const deviceId = 'device-of-the-tests';

/** A device's socket; `closed` gives the close code. */
class Socket {
  readonly ws: WebSocket;
  readonly frames: string[] = [];
  readonly closed: Promise<number>;

  constructor(browser: Browser, headers: Record<string, string> = {}) {
    const url = `${browser.url.replace('http', 'ws')}/api/socket?connectionParams=1`;
    this.ws = new WebSocket(url, { headers: { cookie: browser.cookie, origin: browser.url, ...headers } });
    this.closed = new Promise((resolve) => {
      this.ws.on('close', resolve);
      this.ws.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      this.ws.on('error', () => {});
    });
    this.ws.on('message', (data) => this.frames.push(String(data)));
  }

  async live(): Promise<this> {
    await once(this.ws, 'open');
    this.ws.send(
      JSON.stringify({ method: 'connectionParams', data: { protocol: String(protocolVersion), deviceId } }),
    );
    this.ws.send(
      JSON.stringify({ id: 1, method: 'subscription', params: { path: 'sync.stream', input: null } }),
    );
    await vi.waitFor(() => expect(this.frames.join('')).toContain('"hello"'), { timeout: 20_000 });
    return this;
  }
}

describe('procedures over plain HTTP', () => {
  test('ACC5 need a session', async () => {
    const { status, body } = await query(new Browser(addressOf(server)), 'user.me');
    expect(status).toBe(401);
    expect(body.error?.data).toEqual({ code: 'not-signed-in', retry: 'never' });
  });

  test('a send over HTTP is one of the device that is named', async () => {
    const [anna, ben] = [await signedIn('anna'), await signedIn('ben')];
    const opened = await call(anna, 'conversation.open', { userId: ben.userId });
    const { conversationId } = (opened.body.result as { data: { conversationId: string } }).data;
    const message = {
      conversationId,
      clientId: 'client-0001',
      kind: 'message',
      content: '{"type":"text","text":"Hello"}',
    };
    const sent = await call(anna, 'message.send', { messages: [message] }, { 'tidings-device': deviceId });
    expect(sent.body.result?.data).toEqual([{ clientId: 'client-0001', seq: 1, sentAt: expect.any(Number) }]);
    const range = { conversationId, first: 1, last: 9, from: 'oldest', limit: 9 };
    const read = await query(ben, 'message.read', { ranges: [range] });
    expect(read.body.result?.data).toMatchObject([
      { entries: [{ sender: anna.userId, device: deviceId, content: message.content }] },
    ]);
  });

  test('SESS5 another site’s page is refused, also with the cookie', async () => {
    const browser = await signedIn('chloe');
    const { status, body } = await call(
      browser,
      'user.update',
      { about: 'owned' },
      { origin: 'https://evil.example' },
    );
    expect(status).toBe(403);
    expect(body).toMatchObject({ error: { code: 'not-allowed' } });
    expect((await query(browser, 'user.me')).body.result?.data).toMatchObject({ about: '' });
  });

  test('WIRE2 nothing from inside comes out, whatever is sent', async () => {
    const browser = await signedIn('wire');
    const answers = [
      await browser.post('/api/rpc/user.update', '{"displayName":'),
      await browser.post('/api/rpc/user.update', { displayName: 7 }),
      await browser.post('/api/rpc/user.update', { about: 'x'.repeat(2_000_000) }),
      await browser.post('/api/rpc/no.such', {}),
      await browser.get('/api/rpc/user.update'),
      await browser.get(`/api/rpc/${Array(40).fill('user.me').join(',')}?batch=1&input=%7B%7D`),
      await browser.post('/api/rpc/user.update', {}, { headers: { 'content-type': 'text/plain' } }),
    ];
    for (const answer of answers) {
      const text = await answer.text();
      expect(answer.status, text).toBeGreaterThanOrEqual(400);
      expect(text).not.toMatch(/node_modules|at file:|stack/);
      expect(text).toMatch(/"code":"(bad-input|too-large|not-found)"/);
    }
  });

  test('WIRE3 an old client is told to reload', async () => {
    const browser = await signedIn('olden');
    const { status, body } = await call(browser, 'user.update', {}, { 'tidings-protocol': '0' });
    expect(status).toBe(426);
    expect(body).toMatchObject({ error: { code: 'outdated-client' } });
  });
});

describe('pictures', () => {
  test('are stored for who is signed in, and never change', async () => {
    const browser = await signedIn('painter');
    const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#2f8f9d' } })
      .png()
      .toBuffer();
    const stored = await browser.put('/api/pictures', new Uint8Array(bytes));
    expect(stored.status).toBe(201);
    const { pictureId } = (await stored.json()) as { pictureId: string };
    const got = await browser.get(`/api/pictures/${pictureId}`);
    expect(got.headers.get('content-type')).toBe('image/webp');
    expect(got.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    expect((await got.arrayBuffer()).byteLength).toBeGreaterThan(100);
    const stranger = new Browser(addressOf(server));
    expect((await stranger.get(`/api/pictures/${pictureId}`)).status).toBe(401);
    expect((await stranger.put('/api/pictures', new Uint8Array(bytes))).status).toBe(401);
    expect((await browser.get(`/api/pictures/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await browser.get('/api/pictures/../../secrets.json')).status).toBe(404);
    expect((await browser.put('/api/pictures', new TextEncoder().encode('hello'))).status).toBe(400);
  });
});

describe('probes', () => {
  test('say that it lives and takes work, and what it does', async () => {
    const browser = new Browser(addressOf(server));
    expect((await browser.get('/healthz')).status).toBe(200);
    expect(await (await browser.get('/readyz')).json()).toEqual({ status: 'ready', engines: {} });
    const metrics = await (await browser.get('/metrics')).text();
    expect(metrics).toContain('tidings_streams ');
    expect(metrics).toContain(
      'tidings_http_request_seconds_count{method="GET",path="/healthz",status="200"} 1',
    );
  });
});

describe('/metrics', () => {
  test('are for this machine only, unless one says otherwise', async () => {
    const browser = new Browser(addressOf(server));
    const proxied = { headers: { 'x-forwarded-for': '127.0.0.1' } };
    expect((await browser.get('/metrics', proxied)).status).toBe(404);
    expect((await browser.get('/metrics')).status).toBe(200);
  });
});

describe('sockets', () => {
  test('SESS5 need an allowed origin and a valid session', async () => {
    const browser = await signedIn('socket1');
    expect(await new Socket(browser, { origin: 'https://evil.example' }).closed).toBe(403);
    expect(await new Socket(browser, { cookie: '' }).closed).toBe(4401);
    expect(await new Socket(browser, { cookie: `${browser.cookie}x` }).closed).toBe(4401);
    const socket = await new Socket(browser).live();
    socket.ws.close();
  });

  test('SESS1 a revoked session’s socket closes within a second, and its cookie is refused', async () => {
    const here = await signedIn('socket2');
    const there = new Browser(here.url);
    const { sessionId } = (await (
      await there.post('/api/auth/sign-in', { username: 'socket2', password: 'correct horse' })
    ).json()) as { sessionId: string };
    const socket = await new Socket(there).live();
    const start = Date.now();
    expect((await call(here, 'device.revoke', { sessionId })).status).toBe(200);
    expect(await socket.closed).toBe(4403);
    expect(Date.now() - start).toBeLessThan(1_000);
    expect((await query(there, 'user.me')).status).toBe(401);
    expect(await new Socket(there).closed).toBe(4401);
  });

  test('SESS1 signing out closes the own socket', async () => {
    const browser = await signedIn('socket3');
    const socket = await new Socket(browser).live();
    await browser.post('/api/auth/sign-out', '');
    expect(await socket.closed).toBe(4403);
  });
});

describe('ending and starting again', () => {
  const own = mkdtempSync(join(tmpdir(), 'tidings-again-'));
  afterAll(() => rmSync(own, { recursive: true }));

  test('clients are told to reconnect, and everything is there again', async () => {
    const first = await start({ DATA_DIR: own });
    const browser = await signedIn('anna', first);
    const socket = await new Socket(browser).live();
    await call(browser, 'user.update', { about: 'Still here' });
    await Promise.all([first.stop(), first.stop()]);
    expect(await socket.closed).toBe(4503);
    expect(socket.frames.join('')).toContain('{"type":"bye","reason":"draining"}');
    await expect(fetch(`${browser.url}/healthz`)).rejects.toThrow();

    const second = await start({ DATA_DIR: own, OPERATORS: 'anna' });
    const again = new Browser(addressOf(second));
    again.cookie = browser.cookie;
    expect((await query(again, 'user.me')).body.result?.data).toMatchObject({
      username: 'anna',
      about: 'Still here',
      operator: true,
    });
    await second.stop();
  });

  test('SESS4 where nobody could invite anybody yet, the server does', async () => {
    const settings = { DATA_DIR: join(own, 'invited'), SIGN_UP: 'invite' };
    const first = await start(settings);
    const anna = {
      username: 'anna',
      displayName: 'Anna',
      password: 'correct horse',
      invite: first.invitation,
    };
    expect((await new Browser(addressOf(first)).post('/api/auth/sign-up', anna)).status).toBe(200);
    await first.stop();
    const second = await start(settings);
    expect(second.invitation).toBeNull();
    await second.stop();
  });

  test('a port in use is one sentence, and the folder is left free', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const dataDir = join(own, 'other');
    await expect(start({ DATA_DIR: dataDir, PORT: String(port) })).rejects.toThrow(
      `Port ${port} is in use already. Stop what uses it, or choose another with PORT.`,
    );
    taken.close();
    await (await start({ DATA_DIR: dataDir })).stop();
  });
});
