import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ConversationId } from '@tidings/api/ids';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readConfig } from './config.ts';
import { secretFor } from './secrets.ts';
import { type Server, startServer } from './start.ts';
import { AssetClient, refusalOf } from './testing/asset-client.ts';
import { type SomeAsset, someAsset } from './testing/some-assets.ts';

// nginx as a cluster has it (infra/nginx), in front of a server that is as good an origin as any.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const nginxScript = join(import.meta.dirname, '../../../infra/native/nginx.sh');
const folder = mkdtempSync(join(tmpdir(), 'tidings-edge-'));
let settings: Record<string, string>;
let server: Server;
let secret: string;
let ann: AssetClient;
let chat: ConversationId;

const nginx = (command: string) =>
  promisify(execFile)(nginxScript, [command], {
    env: { ...process.env, ...settings, NODE_BINARY: process.execPath },
  });

async function freePort(): Promise<string> {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  await new Promise((resolve) => taken.close(resolve));
  return String(port);
}

beforeAll(async () => {
  const [port, webPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  settings = {
    CLUSTER_DIR: join(folder, 'cluster'),
    PORT: port,
    WEB_PORT: webPort,
    EDGE_METRICS_PORT: metricsPort,
  };
  const env = {
    PORT: webPort,
    DATA_DIR: join(folder, 'data'),
    WEB_DIR: join(folder, 'web'),
    TRUST_PROXY: '1',
  };
  server = await startServer(readConfig(env, [], folder), pino({ level: 'silent' }));
  const { session } = JSON.parse(readFileSync(join(folder, 'data/secrets.json'), 'utf8')) as {
    session: string;
  };
  secret = secretFor('links to assets', session);
  mkdirSync(join(folder, 'cluster/secrets'), { recursive: true });
  writeFileSync(join(folder, 'cluster/secrets/asset-links'), secret);
  await nginx('up');
  ann = await AssetClient.signUp(`http://127.0.0.1:${port}`, 'ann.edge');
  chat = await ann.open(await AssetClient.signUp(`http://127.0.0.1:${port}`, 'bob.edge'));
});
afterAll(async () => {
  await nginx('down');
  await server.stop();
  rmSync(folder, { recursive: true });
});

const get = (url: string, headers: Record<string, string> = {}) => fetch(ann.browser.url + url, { headers });

async function sent(asset: SomeAsset): Promise<string> {
  await ann.bring(asset);
  await ann.send(chat, asset.id);
  return (await ann.link(chat, asset.id)) as string;
}
const signed = (id: string, end: number) =>
  `/api/assets/${id}?e=${end}&s=${createHmac('sha256', secret).update(`${id}.${end}`).digest('base64url')}`;
const soon = () => Math.floor(Date.now() / 1_000) + 100;

test('ASSET5 everybody’s links to a file lead to the one copy at the edge', async () => {
  const asset = someAsset(65_536);
  const url = await sent(asset);
  const first = await get(url);
  expect([first.status, first.headers.get('x-cache')]).toEqual([200, 'MISS']);
  for (const again of [url, signed(asset.id, soon())]) {
    const answer = await get(again);
    expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'HIT']);
    expect(Buffer.from(await answer.arrayBuffer()).equals(asset.content)).toBe(true);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  }
});

test('ASSET5 a link that is no link is refused at the edge, also for what it has', async () => {
  const [asset, other] = [someAsset(1_000), someAsset(1_000)];
  const url = await sent(asset);
  await sent(other);
  expect((await get(url)).status).toBe(200);
  const past = soon() - 200;
  for (const trick of [
    signed(asset.id, past),
    signed(other.id, soon()).replace(other.id, asset.id),
    signed(asset.id, past).replace(String(past), String(soon())),
    url.slice(0, -1),
    `${url}A`,
    url.replace(/s=.*/, 's='),
    url.replace(/e=\d+/, 'e=99999999999999999999'),
    `/api/assets/${asset.id}`,
    url.replace('/api/assets/', '/api/assets/../assets/x/'),
  ]) {
    const answer = await get(trick);
    expect({ trick, status: answer.status }).toEqual({ trick, status: 403 });
    expect(await refusalOf(answer)).toEqual({ refused: 'link-expired' });
  }
});

test('any range of a large file is right, across the pieces in which it is kept', async () => {
  const asset = someAsset(3_500_000);
  const url = await sent(asset);
  for (const [first, last] of [
    [0, 99],
    [1_048_570, 1_048_580],
    [1_000_000, 3_200_000],
    [3_499_000, 3_499_999],
  ] as const) {
    const answer = await get(url, { range: `bytes=${first}-${last}` });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes ${first}-${last}/${asset.bytes}`);
    const content = Buffer.from(await answer.arrayBuffer());
    expect(content.equals(asset.content.subarray(first, last + 1))).toBe(true);
  }
});

test('what the edge has it serves without asking the application', async () => {
  const asset = someAsset(200_000);
  const url = await sent(asset);
  await (await get(url)).arrayBuffer();
  const asked = async () => {
    const metrics = await (await fetch(`${server.url.replace('localhost', '127.0.0.1')}/metrics`)).text();
    return /^tidings_download_bytes_total (\d+)/m.exec(metrics)?.[1];
  };
  const before = await asked();
  const answer = await get(url);
  expect(Buffer.from(await answer.arrayBuffer()).equals(asset.content)).toBe(true);
  expect(await asked()).toBe(before);
});

test('hits and misses are counted for Prometheus', async () => {
  const url = await sent(someAsset(500));
  const counted = async (cache: string) => {
    const metrics = await (await fetch(`http://127.0.0.1:${settings.EDGE_METRICS_PORT}/metrics`)).text();
    return Number(new RegExp(`tidings_edge_requests_total{cache="${cache}"} (\\d+)`).exec(metrics)?.[1] ?? 0);
  };
  const [hits, misses, refused] = [await counted('HIT'), await counted('MISS'), await counted('NONE')];
  for (const each of [url, url, url, '/api/assets/nothing']) await (await get(each)).arrayBuffer();
  await vi.waitFor(async () => {
    expect(await counted('MISS')).toBe(misses + 1);
    expect(await counted('HIT')).toBe(hits + 2);
    expect(await counted('NONE')).toBe(refused + 1);
  });
});
