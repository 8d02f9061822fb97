import { type Browser, type BrowserContext, chromium } from '@playwright/test';
import { isRoot, systemChromium } from '../../scripts/chromium.mjs';
import {
  type FirstMessage,
  firstMessage,
  noteFirstMessage,
  scriptBudgetBytes,
} from '../../tests/support/first-message.ts';
import { ServerProcess } from '../../tests/support/server-process.ts';
import { Latencies } from '../latencies.ts';
import type { Citizen } from '../population.ts';
import type { WorkloadResult } from '../results.ts';
import { Town } from '../town.ts';

const rounds = 7;

/** A chat of 50 messages in real Chromium: from the address to the first message painted, on a new device and on one that has it all. */
export async function pageLoad(): Promise<WorkloadResult> {
  await using town = await Town.found();
  const readers = await town.people(rounds);
  const [sender] = (await town.people(1)) as [Citizen];
  const chats = await Promise.all(readers.map((reader) => town.direct(reader, sender)));
  await town.history(
    chats.map((id) => ({ id, sender: sender.userId })),
    50,
  );
  await town.close();
  await using server = await ServerProcess.start(town.dataDir);
  const executablePath = systemChromium();
  const browser = await chromium.launch({
    args: isRoot ? ['--no-sandbox'] : [],
    ...(executablePath ? { executablePath } : {}),
  });
  const cold = new Latencies();
  const warm = new Latencies();
  let scriptBytes = 0;
  for (const [round, reader] of readers.entries()) {
    const context = await signedIn(browser, server.url, reader);
    const address = `${server.url}/?c=${encodeURIComponent(chats[round] as string)}`;
    const first = await load(context, address);
    scriptBytes = Math.max(scriptBytes, first.scriptBytes);
    const second = await load(context, address);
    if (round > 0) {
      cold.add(first.paintedMs);
      warm.add(second.paintedMs);
    }
    await context.close();
  }
  await browser.close();
  return {
    workload: 'page-load',
    figures: [
      {
        name: 'new device: address → first message painted, p50',
        unit: 'ms',
        value: cold.percentiles.p50Ms,
        goal: { atMost: 1_200 },
      },
      {
        name: 'compressed JavaScript before it',
        unit: 'bytes',
        value: scriptBytes,
        goal: { atMost: scriptBudgetBytes },
      },
      {
        name: 'warm, from the local store, p50',
        unit: 'ms',
        value: warm.percentiles.p50Ms,
        goal: { atMost: 300 },
      },
    ],
    notes: [
      `${rounds - 1} new profiles each; no throttling; the server, the browser and this program share two cores`,
    ],
  };
}

async function signedIn(browser: Browser, url: string, { cookie }: Citizen): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const equals = cookie.indexOf('=');
  await context.addCookies([
    { name: cookie.slice(0, equals), value: cookie.slice(equals + 1), url, httpOnly: true, sameSite: 'Lax' },
  ]);
  await noteFirstMessage(context);
  return context;
}

async function load(context: BrowserContext, address: string): Promise<FirstMessage> {
  const page = await context.newPage();
  await page.goto(address);
  const first = await firstMessage(page);
  await page.evaluate(() => navigator.serviceWorker?.ready);
  await page.close();
  return first;
}
