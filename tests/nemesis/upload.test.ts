import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetClient, tus } from '@tidings/server/testing/asset-client';
import { type SomeAsset, someAsset } from '@tidings/server/testing/some-assets';
import { expect, test, vi } from 'vitest';
import { ServerProcess } from '../support/server-process.ts';

const mib = 1024 * 1024;
const rounds = 3;

test('ASSET7 ASSET2 an upload goes on where it stopped when the server is killed in the middle of it, again and again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-upload-'));
  const settings = { WEB_DIR: join(folder, 'no-web') };
  let server = await ServerProcess.start(folder, settings);
  const again = { ...settings, PORT: new URL(server.url).port };
  try {
    const ann = await AssetClient.signUp(server.url, 'ann.nemesis');
    const chat = await ann.open(await AssetClient.signUp(server.url, 'bob.nemesis'));
    const asset = someAsset(30 * mib);
    await ann.offer(asset);
    const upload = (await ann.begin(asset)) as string;
    let offset = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const broken = sendAndHang(ann, upload, { asset, offset, until: round * 8 * mib });
      const written = offset + mib;
      await vi.waitUntil(() => bytesUnder(join(folder, 'assets')) >= written, { timeout: 60_000 });
      await server.kill('SIGKILL');
      expect(await broken).toBe('broken');
      server = await ServerProcess.start(folder, again);
      const held = (await ann.offset(upload)) as number;
      expect(held).toBeGreaterThanOrEqual(written);
      expect(held).toBeLessThan(asset.bytes);
      offset = held;
    }
    expect(await ann.append(upload, offset, asset.content.subarray(offset))).toBe(asset.bytes);
    await ann.send(chat, asset.id);
    const answer = await fetch(server.url + (await ann.link(chat, asset.id)));
    expect(Buffer.from(await answer.arrayBuffer()).equals(asset.content)).toBe(true);
  } finally {
    await server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Sends up to a place and then nothing more; tells how the answer came out. */
async function sendAndHang(
  client: AssetClient,
  upload: string,
  { asset, offset, until }: { readonly asset: SomeAsset; readonly offset: number; readonly until: number },
): Promise<string> {
  let at = offset;
  const body = new ReadableStream({
    pull(controller) {
      if (at >= until) return new Promise(() => {});
      const piece = asset.content.subarray(at, Math.min(until, at + 65_536));
      at += piece.byteLength;
      controller.enqueue(piece);
    },
  });
  const headers = {
    ...tus,
    cookie: client.browser.cookie,
    'content-type': 'application/offset+octet-stream',
    'upload-offset': String(offset),
  };
  const request = { method: 'PATCH', headers, body, duplex: 'half' } as RequestInit;
  return fetch(client.browser.url + upload, request).then(
    ({ status }) => String(status),
    () => 'broken',
  );
}

function bytesUnder(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  } catch {
    return 0;
  }
}
