import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { Person } from './support/person.ts';

const built = join(import.meta.dirname, '../../apps/web/out');

test('a new version is offered when it is there, and runs when the user says so', async ({
  browser,
  server,
}) => {
  const webDir = mkdtempSync(join(tmpdir(), 'tidings-web-'));
  cpSync(built, webDir, { recursive: true });
  await server.end('SIGTERM');
  await server.startAgain({ WEB_DIR: webDir });
  const context = await browser.newContext({ baseURL: server.url });
  const ann = new Person(await context.newPage(), 'Ann Archer');
  await ann.page.clock.install();
  await ann.signUp();
  await ann.worksOffline();
  // A page that opened long ago.
  await ann.page.clock.fastForward('00:15:00');
  await server.end('SIGTERM');
  publishNext(webDir);
  await server.startAgain();

  const offer = ann.page.getByRole('region', { name: 'Update' });
  await expect(offer).toContainText('A new version of Tidings is ready');
  expect(await versionOf(ann.page)).toBe(1);
  await ann.page.reload();
  await expect(offer).toBeVisible();
  expect(await versionOf(ann.page)).toBe(1);
  await offer.getByRole('button', { name: 'Reload' }).click();
  // Asked in the middle of the reload, the page is gone.
  await expect.poll(() => versionOf(ann.page).catch(() => null)).toBe(2);
  await ann.isIn();
  await expect(offer).toHaveCount(0);
  await context.close();
  rmSync(webDir, { recursive: true });
});

test('WIRE3 a version that is too old for the server says so, shows what it has, and offers to reload', async ({
  join,
}) => {
  const [ann] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('from the old days');
  await ann.isTicked('from the old days', 'Delivered');
  const line = await speakOldProtocol(ann.page);
  await ann.page.reload();
  const notice = ann.page.getByRole('region', { name: 'Update' });
  await expect(notice).toContainText('This version is too old to talk to the server');
  await ann.sees('from the old days');
  line.old = false;
  await notice.getByRole('button', { name: 'Reload' }).click();
  await expect(notice).toHaveCount(0);
  await ann.send('up to date again');
  await ann.isTicked('up to date again', 'Delivered');
});

test('notifications and installing are suggested one at a time, until the user says no', async ({
  join,
  server,
  ownBrowser,
}) => {
  await join('Ben Baker');
  const ann = new Person(await ownBrowser.open({ baseURL: server.url }), 'Ann Archer');
  await ann.signUp();
  await ann.openNewChatWith('Ben Baker');
  await ann.send('worth keeping');
  const hint = ann.page.getByRole('complementary', { name: 'Suggestion' });
  await expect(hint.getByRole('button', { name: 'Turn on notifications' })).toBeVisible();
  await hint.getByRole('button', { name: 'Not now' }).click();
  await expect(hint.getByRole('button', { name: 'Install' })).toBeVisible();
  await hint.getByRole('button', { name: 'Not now' }).click();
  await expect(hint).toHaveCount(0);
  await ann.openSettings();
  await expect(ann.page.getByRole('button', { name: 'Install the app' })).toBeVisible();
  await ann.page.reload();
  await expect(ann.page.getByRole('button', { name: 'Install the app' })).toBeVisible();
  await expect(hint).toHaveCount(0);
});

/** The same app under other hashes, as a build of other sources would be, and recognisable. */
function publishNext(webDir: string): void {
  const page = join(webDir, 'index.html');
  const html = readFileSync(page, 'utf8');
  writeFileSync(page, html.replace('<html ', '<html data-version="2" '));
  const worker = join(webDir, 'serwist/sw.js');
  const script = readFileSync(worker, 'utf8');
  const next = script.replaceAll(/("?revision"?: ?)"[^"]+"/g, '$1"next"');
  if (next === script) throw new Error('the service worker names nothing that could be new');
  writeFileSync(worker, next);
}

const versionOf = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.documentElement.dataset.version ?? 1));

/** The page's word about its version, changed on the way as long as it is `old`; the answer is the server's own. */
async function speakOldProtocol(page: Page): Promise<{ old: boolean }> {
  const line = { old: true };
  await page.routeWebSocket(/\/api\/socket/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) =>
      server.send(line.old ? String(message).replace(/"protocol":"\d+"/, '"protocol":"0"') : message),
    );
  });
  return line;
}
