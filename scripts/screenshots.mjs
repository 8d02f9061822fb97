// `npm run screenshots`: the pictures of the README and of docs/operations.md, of the real product with its demonstration's people.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';
import { buildWeb } from './build.mjs';
import { isRoot, provideChromium, systemChromium } from './chromium.mjs';
import { generate } from './generate.mjs';
import { findNode, main, root, Sentence } from './node.mjs';

const folder = join(root, 'docs/screenshots');
const port = 14_321;
const address = `http://127.0.0.1:${port}`;
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** Each: who looks, on what, and how they get there. */
const shots = [
  { name: 'sign-in', viewport: desktop, signedIn: false, go: (page) => page.goto('/sign-in') },
  { name: 'desktop-light', viewport: desktop, go: openFirstGroup },
  { name: 'desktop-dark', viewport: desktop, colorScheme: 'dark', go: openFirstGroup },
  { name: 'group-info', viewport: desktop, go: openGroupInfo },
  { name: 'settings', viewport: desktop, go: openSettings },
  { name: 'console-users', viewport: desktop, go: openConsole('users', 'Users') },
  { name: 'console-audit', viewport: desktop, colorScheme: 'dark', go: openConsole('audit', 'Audit log') },
  { name: 'console-phone', viewport: phone, go: openConsole('users', 'Users') },
  { name: 'phone-chats', viewport: phone, go: async () => {} },
  { name: 'phone-conversation', viewport: phone, colorScheme: 'dark', go: openFirstGroup },
];

async function screenshots() {
  await generate();
  await buildWeb();
  await provideChromium();
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(join(tmpdir(), 'tidings-screenshots-'));
  const server = spawn(findNode(), ['apps/server/src/main.ts', '--demo'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await ready(server);
    await takeAll();
  } finally {
    server.kill();
    await new Promise((resolve) => server.once('exit', resolve));
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function ready(server) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && server.exitCode === null) {
    const answer = await fetch(`${address}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Sentence('The server did not get ready for its pictures; its own words are above.');
}

async function takeAll() {
  const executablePath = systemChromium();
  const browser = await chromium.launch({
    args: isRoot ? ['--no-sandbox'] : [],
    ...(executablePath ? { executablePath } : {}),
  });
  for (const shot of shots) await take(browser, shot);
  await browser.close();
}

async function take(browser, { name, viewport, colorScheme = 'light', signedIn = true, go }) {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    deviceScaleFactor: 2,
    baseURL: address,
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  if (signedIn) await signIn(page);
  await go(page);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`docs/screenshots/${name}.png`);
  await context.close();
}

async function signIn(page) {
  await page.goto('/sign-in');
  await page.getByRole('textbox', { name: 'Username' }).fill('anna');
  await page.getByRole('textbox', { name: 'Password' }).fill('demo-tidings');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('list', { name: 'Chats' }).getByRole('link').first().waitFor();
}

async function openFirstGroup(page) {
  await page.getByRole('list', { name: 'Chats' }).getByRole('link').first().click();
  await page.getByRole('log', { name: 'Messages' }).getByRole('article').last().waitFor();
}

async function openGroupInfo(page) {
  const links = page.getByRole('list', { name: 'Chats' }).getByRole('link');
  for (let index = 0; index < (await links.count()); index += 1) {
    await links.nth(index).click();
    const info = page.getByRole('button', { name: 'Group info' });
    if (!(await info.isVisible({ timeout: 1_000 }).catch(() => false))) continue;
    await info.click();
    await page.getByRole('list', { name: 'Members' }).waitFor();
    return;
  }
}

async function openSettings(page) {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
}

/** Anna signed up first, so that she is an operator. */
function openConsole(place, heading) {
  return async (page) => {
    await page.goto(`/admin#${place}`);
    await page.getByRole('heading', { name: heading }).waitFor();
    await page.getByRole('list', { name: heading }).getByRole('listitem').first().waitFor();
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main(screenshots);
