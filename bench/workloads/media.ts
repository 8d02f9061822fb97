import { type Browser, chromium, type Page } from '@playwright/test';
import { isRoot, systemChromium } from '../../scripts/chromium.mjs';
import { reachClient } from '../../tests/e2e/support/media.ts';
import { ServerProcess } from '../../tests/support/server-process.ts';
import { Latencies } from '../latencies.ts';
import type { Citizen } from '../population.ts';
import type { WorkloadResult } from '../results.ts';
import { Town } from '../town.ts';

const rounds = 7;
const largeMegabytes = 100;

/** Making media ready in real Chromium: a photo of 12 megapixels, and a file of 100 MB from being picked to being at the server. */
export async function media(): Promise<WorkloadResult> {
  await using town = await Town.found();
  const [sender, receiver] = (await town.people(2)) as [Citizen, Citizen];
  const chat = await town.direct(sender, receiver);
  await town.history([{ id: chat, sender: sender.userId }], 5);
  await town.close();
  await using server = await ServerProcess.start(town.dataDir);
  const executablePath = systemChromium();
  const browser = await chromium.launch({
    args: isRoot ? ['--no-sandbox'] : [],
    ...(executablePath ? { executablePath } : {}),
  });
  const page = await signedIn(browser, server.url, sender);
  const photos = new Latencies();
  // The first one also starts the worker.
  for (let round = 0; round <= rounds; round += 1) {
    const ms = await photoReadyMs(page, round);
    if (round > 0) photos.add(ms);
  }
  const large = await sendLarge(page);
  await browser.close();
  return {
    workload: 'media',
    figures: [
      {
        name: '12-megapixel photo: picked → ready to send, p50',
        unit: 'ms',
        value: photos.percentiles.p50Ms,
        goal: { atMost: 1_000 },
      },
      {
        name: `${largeMegabytes} MB: longest task on the page's thread`,
        unit: 'ms',
        value: large.longestTaskMs,
        goal: { atMost: 50 },
      },
      { name: `${largeMegabytes} MB: picked → encrypted and hashed`, unit: 'MB/s', value: large.readyPerS },
      { name: `${largeMegabytes} MB: picked → at the server`, unit: 'MB/s', value: large.sentPerS },
    ],
    notes: [
      `${rounds} different photos; the server, the browser and this program share the machine's cores`,
      'tasks shorter than 50 ms are not told by the browser: 0 says that there was none as long',
    ],
  };
}

async function signedIn(browser: Browser, url: string, { cookie }: Citizen): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: url });
  const equals = cookie.indexOf('=');
  await context.addCookies([
    { name: cookie.slice(0, equals), value: cookie.slice(equals + 1), url, httpOnly: true, sameSite: 'Lax' },
  ]);
  const page = await context.newPage();
  await page.goto('/');
  await reachClient(page);
  await page.waitForFunction(async () => (await window.client.store.conversations()).length > 0);
  return page;
}

/** A photo as a phone makes it, with detail and noise; another one each time. */
const photoReadyMs = (page: Page, seed: number): Promise<number> =>
  page.evaluate(async (seed) => {
    const canvas = new OffscreenCanvas(4_000, 3_000);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    const pixels = context.createImageData(4_000, 3_000);
    let random = 7 + seed;
    for (let at = 0; at < pixels.data.length; at += 4) {
      random = (random * 48_271) % 2_147_483_647;
      const [x, y] = [(at / 4) % 4_000, at / 16_000];
      const light = 128 + 90 * Math.sin((x + seed * 100) / 180) * Math.cos(y / 140) + (random % 24);
      pixels.data.set([light, light * 0.8 + (x % 97) / 4, 255 - light, 255], at);
    }
    context.putImageData(pixels, 0, 0);
    const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
    const began = performance.now();
    const preparation = window.client.media.prepare(
      new File([jpeg], 'photo.jpg', { type: 'image/jpeg' }),
      {},
    );
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        const now = preparation.state.get();
        if (now.type === 'ready') resolve();
        if (now.type === 'refused') reject(new Error(now.code));
      };
      preparation.state.subscribe(look);
      look();
    });
    const ms = performance.now() - began;
    preparation.discard();
    return ms;
  }, seed);

type Large = { readonly longestTaskMs: number; readonly readyPerS: number; readonly sentPerS: number };

const sendLarge = (page: Page): Promise<Large> =>
  page.evaluate(async (megabytes) => {
    const { client } = window;
    const [chat] = await client.store.conversations();
    const part = crypto.getRandomValues(new Uint8Array(65_536));
    const file = new File(Array<Uint8Array<ArrayBuffer>>(megabytes * 16).fill(part), 'large.bin');
    let longestTaskMs = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration);
    });
    // What made the file is over when the next task begins.
    await new Promise((resolve) => setTimeout(resolve));
    observer.observe({ type: 'longtask' });
    const began = performance.now();
    const preparation = client.media.prepare(file, { as: 'document' });
    await new Promise<void>((resolve) => {
      const look = () => preparation.state.get().type === 'ready' && resolve();
      preparation.state.subscribe(look);
      look();
    });
    const readyMs = performance.now() - began;
    await client.media.send(chat?.conversationId as never, [preparation], { text: '' });
    while ((await client.store.outbox()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const sentMs = performance.now() - began;
    observer.disconnect();
    return {
      longestTaskMs,
      readyPerS: megabytes / (readyMs / 1_000),
      sentPerS: megabytes / (sentMs / 1_000),
    };
  }, largeMegabytes);
