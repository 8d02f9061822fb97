import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { listen } from '../testing/browser.ts';
import { DevProxy } from './dev-proxy.ts';
import { Origins } from './origins.ts';
import { makeHttpServer } from './server.ts';

let next: Server;
let server: Server;
let url: string;

beforeAll(async () => {
  next = createServer((request, response) => {
    response.setHeader('x-from', 'next');
    request.pipe(response.writeHead(request.url === '/missing' ? 404 : 200));
  });
  const sockets = new WebSocketServer({ server: next });
  sockets.on('connection', (ws, request) => ws.on('message', (data) => ws.send(`${request.url} ${data}`)));
  const config = { publicUrl: null, allowedOrigins: [], trustProxy: 0 };
  server = makeHttpServer({
    api: { '/healthz': (_request, response) => void response.end('ours') },
    socket: (_request, socket) => void socket.destroy(),
    pages: new DevProxy(await listen(next)),
    origins: new Origins(config),
    logger: pino({ level: 'silent' }),
    config,
  });
  url = await listen(server);
});
afterAll(() => {
  for (const one of [server, next]) {
    one.closeAllConnections();
    one.close();
  }
});

test('what isn’t ours goes on to the development server, and its answer back', async () => {
  const page = await fetch(`${url}/sign-in?x=1`, { method: 'POST', body: 'hello' });
  expect([page.status, page.headers.get('x-from'), await page.text()]).toEqual([200, 'next', 'hello']);
  expect((await fetch(`${url}/missing`)).status).toBe(404);
  const own = await fetch(`${url}/healthz`);
  expect([own.headers.get('x-from'), await own.text()]).toEqual([null, 'ours']);
});

test('hot reloading’s WebSocket goes through', async () => {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/_next/webpack-hmr?id=1`);
  await once(ws, 'open');
  ws.send('ping');
  const [answer] = await once(ws, 'message');
  expect(String(answer)).toBe('/_next/webpack-hmr?id=1 ping');
  ws.close();
});

test('while it isn’t there yet the page says so, and looks again', async () => {
  const early = makeHttpServer({
    api: {},
    socket: () => {},
    pages: new DevProxy('http://127.0.0.1:1'),
    origins: new Origins({ publicUrl: null, allowedOrigins: [] }),
    logger: pino({ level: 'silent' }),
    config: { publicUrl: null, trustProxy: 0 },
  });
  const answer = await fetch(await listen(early));
  expect([answer.status, answer.headers.get('refresh')]).toEqual([502, '1']);
  early.close();
});
