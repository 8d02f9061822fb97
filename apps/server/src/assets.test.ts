import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationId } from '@tidings/api/ids';
import { pino } from 'pino';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from './config.ts';
import { type Server, startServer } from './start.ts';
import { AssetClient, refusalOf, tus } from './testing/asset-client.ts';
import { Browser } from './testing/browser.ts';
import { type SomeAsset, someAsset } from './testing/some-assets.ts';

// Password hashing, files and real time: slow on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'tidings-assets-'));
const start = (settings: Record<string, string> = {}) =>
  startServer(
    readConfig({ PORT: '0', DATA_DIR: folder, WEB_DIR: join(folder, 'web'), ...settings }, [], folder),
    pino({ level: 'silent' }),
  );
const addressOf = ({ url }: Server) => url.replace('localhost', '127.0.0.1');

let server: Server;
let ann: AssetClient;
let bob: AssetClient;
let chat: ConversationId;

beforeAll(async () => {
  server = await start({ ASSET_MAX_MB: '20', ASSET_QUOTA_MB: '0' });
  ann = await AssetClient.signUp(addressOf(server), 'ann.assets');
  bob = await AssetClient.signUp(addressOf(server), 'bob.assets');
  chat = await ann.open(bob);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function begun(who: AssetClient, asset: SomeAsset): Promise<string> {
  await who.offer(asset);
  const upload = await who.begin(asset);
  if (typeof upload !== 'string') throw new Error(upload.refused);
  return upload;
}
/** Sent by ann, and the link that bob gets to it. */
async function sent(asset: SomeAsset): Promise<string> {
  await ann.bring(asset);
  expect(await ann.send(chat, asset.id)).toMatchObject({ seq: expect.any(Number) });
  return (await bob.link(chat, asset.id)) as string;
}
const filesOf = (place: string) =>
  readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

describe('a file from one person to another', () => {
  test('ASSET2 ASSET5 is offered, uploaded, sent, linked and downloaded', async () => {
    const asset = someAsset(3_000_000);
    expect(await ann.offer(asset)).toEqual([{ id: asset.id, state: 'wanted' }]);
    const upload = (await ann.begin(asset)) as string;
    expect(await ann.append(upload, 0, asset.content)).toBe(asset.bytes);
    expect(await ann.send(chat, asset.id)).toMatchObject({ seq: expect.any(Number) });
    const url = (await bob.link(chat, asset.id)) as string;
    const answer = await new Browser(addressOf(server)).get(url);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(asset.content)).toBe(true);
  });
  test('ASSET3 what is there is not uploaded again', async () => {
    const asset = someAsset(1_000);
    await ann.bring(asset);
    expect(await bob.offer(asset)).toEqual([{ id: asset.id, state: 'stored', until: expect.any(Number) }]);
  });
  test('ASSET1 what lies in the data folder is what was uploaded, and nothing else knows of it', async () => {
    const asset = someAsset(100_000);
    await sent(asset);
    const stored = filesOf(join(folder, 'assets')).filter(({ parentPath, name }) =>
      readFileSync(join(parentPath, name)).equals(asset.content),
    );
    expect(stored).toHaveLength(1);
  });
});

describe('uploads', () => {
  test('ASSET7 go on where they stopped, also after a restart', async () => {
    const asset = someAsset(2_000_000);
    const upload = await begun(ann, asset);
    expect(await ann.append(upload, 0, asset.content.subarray(0, 700_000))).toBe(700_000);
    expect(await ann.offset(upload)).toBe(700_000);
    await server.stop();
    server = await start({ ASSET_MAX_MB: '20', ASSET_QUOTA_MB: '0', PORT: new URL(ann.browser.url).port });
    expect(await ann.offset(upload)).toBe(700_000);
    expect(await ann.append(upload, 700_000, asset.content.subarray(700_000))).toBe(asset.bytes);
    expect(await ann.offer(asset)).toMatchObject([{ state: 'stored' }]);
  });
  test('ASSET7 go on over another line while the old one is not known to be dead', async () => {
    const asset = someAsset(2_000_000);
    const upload = await begun(ann, asset);
    const halfOpen = new AbortController();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(asset.content.subarray(0, 500_000)),
    });
    const first = fetch(ann.browser.url + upload, {
      method: 'PATCH',
      headers: {
        ...tus,
        cookie: ann.browser.cookie,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
      },
      body,
      duplex: 'half',
      signal: halfOpen.signal,
    } as RequestInit);
    const settled = first.then(
      (answer) => answer.status,
      () => 'broken',
    );
    const held = await vi.waitUntil(async () => {
      const offset = await ann.offset(upload);
      return typeof offset === 'number' && offset > 0 ? offset : null;
    });
    expect(await ann.append(upload, held, asset.content.subarray(held))).toBe(asset.bytes);
    expect([409, 'broken']).toContain(await settled);
    halfOpen.abort();
  });
  test('ASSET3 several devices with one file at once leave one blob, and all of them succeed', async () => {
    const asset = someAsset(400_000);
    const before = filesOf(join(folder, 'assets')).length;
    const devices = Array.from({ length: 10 }, (_, at) => (at % 2 ? ann : bob));
    const uploads = await Promise.all(devices.map((device) => begun(device, asset)));
    const offsets = await Promise.all(
      devices.map(async (device, at) => {
        const upload = uploads[at] as string;
        const offset = await device.append(upload, 0, asset.content);
        if (typeof offset === 'number') return offset;
        // Another one had brought it all before this one began: its upload is as far, so it learns where it stands and is done.
        expect(offset).toEqual({ refused: 'conflict' });
        return device.offset(upload);
      }),
    );
    expect(offsets).toEqual(devices.map(() => asset.bytes));
    expect(filesOf(join(folder, 'assets')).length).toBe(before + 1);
  });
});

describe('tus, as tus-js-client speaks it', () => {
  test('ASSET7 a client of its own uploads, breaks off, and resumes', async () => {
    const asset = someAsset(1_500_000);
    await ann.offer(asset);
    const options = {
      endpoint: `${ann.browser.url}/api/uploads`,
      chunkSize: 500_000,
      headers: { cookie: ann.browser.cookie },
      metadata: { id: asset.id, check: asset.check },
      retryDelays: [],
    };
    const uploadUrl = await new Promise<string>((resolve, reject) => {
      const upload = new Upload(asset.content, {
        ...options,
        onChunkComplete: () => {
          void upload.abort().then(() => resolve(upload.url as string));
        },
        onError: reject,
      });
      upload.start();
    });
    await new Promise<void>((resolve, reject) => {
      new Upload(asset.content, {
        ...options,
        uploadUrl,
        onSuccess: () => resolve(),
        onError: reject,
      }).start();
    });
    expect(await ann.offer(asset)).toMatchObject([{ state: 'stored' }]);
  });
});

describe('what uploads refuse', () => {
  const post = (headers: Record<string, string>, as: Browser = ann.browser) =>
    as.get('/api/uploads', { method: 'POST', headers });

  test.each([
    ['without a session', 'not-signed-in', {}, true],
    ['from a page of another site', 'not-allowed', { origin: 'https://evil.example' }, false],
    ['in another version of tus', 'bad-input', { 'tus-resumable': '0.2.2' }, false],
    ['without a length', 'bad-input', { 'upload-length': '' }, false],
    ['with a length that is none', 'bad-input', { 'upload-length': '-1' }, false],
    ['of nothing', 'bad-input', { 'upload-length': '0' }, false],
    ['without metadata', 'bad-input', { 'upload-metadata': '' }, false],
    ['under a name that leads elsewhere', 'bad-input', { 'upload-metadata': 'id Li4vLi4v' }, false],
  ])('%s: %s', async (_name, refused, headers, isStranger) => {
    const asset = someAsset(10);
    await ann.offer(asset);
    const pair = (name: string, value: string) => `${name} ${Buffer.from(value).toString('base64')}`;
    const good = {
      ...tus,
      'upload-length': '10',
      'upload-metadata': `${pair('id', asset.id)},${pair('check', asset.check)}`,
    };
    const as = isStranger ? new Browser(ann.browser.url) : ann.browser;
    expect(await refusalOf(await post({ ...good, ...headers }, as))).toEqual({ refused });
    expect((await post(good)).status).toBe(201);
  });
  test('what was not offered', async () => {
    expect(await ann.begin(someAsset(10))).toEqual({ refused: 'asset-missing' });
  });
  test('somebody else’s upload, and one that is none', async () => {
    const upload = await begun(ann, someAsset(10));
    expect(await bob.offset(upload)).toEqual({ status: 404 });
    expect(await bob.append(upload, 0, Buffer.from('x'))).toEqual({ refused: 'not-found' });
    for (const trick of ['..%2f..%2fsecrets.json', 'x', '%00'])
      expect(await ann.offset(`/api/uploads/${trick}`)).toEqual({ status: 404 });
  });
  test('another offset, and a body of another type', async () => {
    const upload = await begun(ann, someAsset(10));
    expect(await ann.append(upload, 5, Buffer.from('x'))).toEqual({ refused: 'conflict' });
    const headers = { ...tus, 'content-type': 'text/plain', 'upload-offset': '0' };
    const answer = await ann.browser.put(upload, Buffer.from('x'), { method: 'PATCH', headers });
    expect(await refusalOf(answer)).toEqual({ refused: 'bad-input' });
  });
  test('ASSET2 other bytes than were said', async () => {
    const asset = someAsset(100_000);
    const upload = await begun(ann, asset);
    expect(await ann.append(upload, 0, someAsset(100_000).content)).toEqual({ refused: 'asset-broken' });
    expect(await ann.offset(upload)).toEqual({ status: 404 });
  });
});

describe('downloads', () => {
  const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(ann.browser.url + url, { headers, method });

  test('are bytes that no browser makes anything of, and that never change', async () => {
    const asset = someAsset(5_000);
    const url = await sent(asset);
    const answer = await get(url);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cache-control': 'public, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
      'content-length': '5000',
      etag: `"${asset.id}"`,
    });
    const head = await get(url, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '5000', '']);
    expect((await get(url, { 'if-none-match': `"${asset.id}"` })).status).toBe(304);
  });
  test('may be of a part', async () => {
    const asset = someAsset(5_000);
    const url = await sent(asset);
    const part = await get(url, { range: 'bytes=1000-1999' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 1000-1999/5000']);
    expect(Buffer.from(await part.arrayBuffer()).equals(asset.content.subarray(1_000, 2_000))).toBe(true);
    const outside = await get(url, { range: 'bytes=5000-' });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */5000']);
    const changed = await get(url, { range: 'bytes=0-9', 'if-range': '"another"' });
    expect(changed.status).toBe(200);
  });
  test('ASSET5 without a link that holds are refused', async () => {
    const [asset, other] = [someAsset(100), someAsset(100)];
    const [url, otherUrl] = [await sent(asset), await sent(other)];
    expect((await get(url)).status).toBe(200);
    for (const trick of [
      url.replace(/e=\d+/, (end) => `e=${Number(end.slice(2)) + 3_600}`),
      otherUrl.replace(other.id, asset.id),
      url.slice(0, -1),
      `${url}A`,
      url.replace(/&s=.*/, ''),
      `/api/assets/${asset.id}`,
    ])
      expect({ trick, ...(await refusalOf(await get(trick))) }).toEqual({ trick, refused: 'link-expired' });
    for (const trick of [
      '/api/assets/..%2f..%2fsecrets.json',
      '/api/assets/',
      url.replace(asset.id, 'short'),
    ])
      expect({ trick, ...(await refusalOf(await get(trick))) }).toEqual({ trick, refused: 'not-found' });
    expect((await get(url, {}, 'DELETE')).status).toBe(404);
  });
});
