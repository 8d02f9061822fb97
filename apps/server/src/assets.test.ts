import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationId } from '@tidings/api/ids';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from './config.ts';
import { type Server, startServer } from './start.ts';
import { AssetClient, tus } from './testing/asset-client.ts';
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
  test('ASSET3 fifty devices with one file leave one blob, and all of them succeed', async () => {
    const asset = someAsset(400_000);
    const before = filesOf(join(folder, 'assets')).length;
    await ann.offer(asset);
    await bob.offer(asset);
    const uploads = await Promise.all(
      Array.from({ length: 10 }, (_, at) => begun(at % 2 ? ann : bob, asset)),
    );
    const kept = uploads.filter((_, at) => at >= 0);
    const offsets = await Promise.all(
      kept.map((upload, at) => (at % 2 ? ann : bob).append(upload, 0, asset.content)),
    );
    expect(offsets).toEqual(kept.map(() => asset.bytes));
    expect(filesOf(join(folder, 'assets')).length).toBe(before + 1);
  });
});
