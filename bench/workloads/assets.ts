import { createCipheriv, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { tus } from '@tidings/server/testing/asset-client';
import { assetOf, hashesOf, type SomeAsset, someAsset } from '@tidings/server/testing/some-assets';
import { startEdge, startPlainNginx } from '../assets/nginx.ts';
import { readRange, requestsPerSecond, sendBody } from '../assets/requests.ts';
import { bestOf, mebibyte, randomFile, Stage, speedOf } from '../assets/stage.ts';
import type { Figure, WorkloadResult } from '../results.ts';

const fileBytes = 100 * mebibyte;
const rangeBytes = 8 * mebibyte;
const parallel = 20;
const images = 600;
const imageBytes = 64 * 1024;
const imageRequests = 40_000;

/** Files up and down, and images at the edge; each held against what does the same by hand. */
export async function assets(): Promise<WorkloadResult> {
  await using stage = await Stage.set();
  return {
    workload: 'assets',
    figures: [
      ...(await uploading(stage)),
      await memory(stage),
      ...(await downloading(stage)),
      ...(await imagesAtTheEdge(stage)),
    ],
    notes: [
      'the server, nginx and this program share two cores; speeds are the best of three',
      'by hand: a file is read, encrypted with AES-256-GCM, written and synced, by Node streams in one process',
      `${images} images, four of five requests for one of five of them; the cache begins empty`,
    ],
  };
}

async function uploading(stage: Stage): Promise<readonly Figure[]> {
  const source = join(stage.folder, 'source');
  const byHand = await bestOf(3, async () => {
    writeFileSync(source, randomFile(fileBytes));
    return speedOf(fileBytes, () => encryptedCopy(source, join(stage.folder, 'copy')));
  });
  const uploaded = await bestOf(3, async () => {
    const asset = someAsset(fileBytes);
    writeFileSync(source, asset.content);
    const upload = await begin(stage, asset);
    return speedOf(fileBytes, () => send(stage, upload, source));
  });
  return [
    { name: 'copy and encrypt by hand, 100 MB', unit: 'MB/s', value: byHand },
    {
      name: 'upload of 100 MB, verified and durable',
      unit: 'MB/s',
      value: uploaded,
      goal: { atLeast: byHand * 0.7 },
    },
  ];
}

async function encryptedCopy(from: string, to: string): Promise<void> {
  const cipher = createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));
  await pipeline(createReadStream(from), cipher, createWriteStream(to));
  const file = await open(to, 'r+');
  await file.sync();
  await file.close();
}

async function begin({ sender }: Stage, asset: SomeAsset): Promise<string> {
  await sender.offer(hashesOf(asset));
  const upload = await sender.begin(hashesOf(asset));
  if (typeof upload !== 'string') throw new Error(upload.refused);
  return upload;
}

async function send({ server, sender }: Stage, upload: string, source: string): Promise<void> {
  const headers = {
    ...tus,
    cookie: sender.browser.cookie,
    'content-type': 'application/offset+octet-stream',
    'content-length': fileBytes,
    'upload-offset': 0,
  };
  const status = await sendBody(server.url + upload, { headers, body: createReadStream(source) });
  if (status !== 204) throw new Error(`not uploaded: ${status}`);
}

/** Twenty uploads at once, the server's memory looked at all the while. */
async function memory(stage: Stage): Promise<Figure> {
  const source = join(stage.folder, 'source');
  const content = randomFile(fileBytes);
  writeFileSync(source, content);
  const asset = assetOf(content);
  const uploads: string[] = [];
  // Five of one file at a time is what one user may have under way, so the others are of other files, whose hashes won't hold.
  for (let at = 0; at < parallel; at += 1)
    uploads.push(await begin(stage, { ...asset, id: someAsset(1).id, content }));
  const idle = stage.server.usage().rssBytes;
  let most = idle;
  const watch = setInterval(() => {
    most = Math.max(most, stage.server.usage().rssBytes);
  }, 20);
  await Promise.allSettled(uploads.map((upload) => send(stage, upload, source)));
  clearInterval(watch);
  return {
    name: `memory above idle for ${parallel} uploads at once`,
    unit: 'MiB',
    value: (most - idle) / mebibyte,
    goal: { atMost: 50 },
  };
}

async function downloading(stage: Stage): Promise<readonly Figure[]> {
  const asset = someAsset(fileBytes);
  const files = join(stage.folder, 'source');
  writeFileSync(files, asset.content);
  const url = stage.server.url + (await sent(stage, asset));
  const nginx = await startPlainNginx(stage, stage.folder);
  const whole = async (from: string) => {
    for (let first = 0; first < fileBytes; first += rangeBytes)
      await readRange(from, first, Math.min(first + rangeBytes, fileBytes) - 1);
  };
  const byNginx = await bestOf(3, () => speedOf(fileBytes, () => whole(`${nginx.url}/source`)));
  const ours = await bestOf(3, () => speedOf(fileBytes, () => whole(url)));
  await nginx.stop();
  return [
    { name: 'nginx: 100 MB in ranges of 8 MiB', unit: 'MB/s', value: byNginx },
    {
      name: 'download of 100 MB in ranges of 8 MiB',
      unit: 'MB/s',
      value: ours,
      goal: { atLeast: byNginx * 0.7 },
    },
  ];
}

async function sent({ sender, chat }: Stage, asset: SomeAsset): Promise<string> {
  await patiently(async () => {
    await sender.bring(asset);
    await sender.send(chat, asset.id);
  });
  const [link] = await patiently(async () => {
    const links = await sender.links(chat, [asset.id]);
    if ('refused' in links) throw new Error(links.refused);
    return links;
  });
  if (!link) throw new Error('no link');
  return link.url;
}

/** The server lets nobody ask as fast as this program could: what it refuses for that is asked again. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'too-many-requests') throw error;
      await setTimeout(1_000);
    }
  }
}

async function imagesAtTheEdge(stage: Stage): Promise<readonly Figure[]> {
  const edge = await startEdge(stage);
  const links: string[] = [];
  for (let at = 0; at < images; at += 1) links.push(await sent(stage, someAsset(imageBytes)));
  const paths = Array.from({ length: imageRequests }, (_, at) => links[pick(at)] as string);
  const perSecond = await requestsPerSecond(edge.url, { paths, connections: 32 });
  const { HIT = 0, ...others } = await edge.requests();
  const asked = Object.values(others).reduce((sum, count) => sum + count, HIT);
  await edge.stop();
  return [
    { name: '64 KiB images at the edge', unit: 'per second', value: perSecond, goal: { atLeast: 5_000 } },
    { name: 'of them the edge had', unit: '%', value: (HIT * 100) / asked, goal: { atLeast: 95 } },
  ];
}

/** Four of five go to the first fifth; the same ones in every run. */
function pick(at: number): number {
  const random = (at * 2_654_435_761) % 2 ** 32;
  const isHot = at % 5 !== 0;
  const hot = images / 5;
  return isHot ? random % hot : hot + (random % (images - hot));
}
