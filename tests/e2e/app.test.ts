import { expect, test } from './support/fixtures.ts';

test('it can be installed, and opens offline with all that the device has', async ({ join }) => {
  const [ann] = [await join('Ann Archer'), await join('Ben Baker')];
  const manifest = await ann.page.locator('link[rel=manifest]').getAttribute('href');
  const answer = await ann.page.request.get(manifest ?? '');
  const { name, icons, display } = await answer.json();
  expect(name).toBe('Tidings');
  expect(display).toBe('standalone');
  expect(icons.some((icon: { purpose?: string }) => icon.purpose?.includes('maskable'))).toBe(true);
  await ann.openNewChatWith('Ben Baker');
  await ann.send('kept on this device');
  await ann.isTicked('kept on this device', 'Delivered');
  await ann.page.evaluate(() => navigator.serviceWorker.ready);
  await ann.page.context().setOffline(true);
  await ann.page.goto('/');
  await ann.openChat('Ben Baker');
  await ann.sees('kept on this device');
});

test('what nobody opened yet is there when the line goes, also before the app could be kept', async ({
  join,
  line,
}) => {
  const ann = await join('Ann Archer', { baseURL: line.url, serviceWorkers: 'block' });
  await ann.page.waitForFunction(() => performance.getEntriesByName('tidings-parts-fetched').length > 0);
  line.cut();
  await expect(ann.waitsForNetwork).toBeVisible();
  await ann.openSettings();
  await ann.page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await expect(ann.page.getByRole('dialog')).toBeVisible();
});

test('a part of the app that can’t be fetched says so, and comes when one tries again', async ({ join }) => {
  const ann = await join('Ann Archer', { serviceWorkers: 'block' });
  await ann.page.route('**/*.js', async (route) => {
    const answer = await route.fetch();
    const holdsSettings = (await answer.text()).includes('Change password…');
    return holdsSettings ? route.abort() : route.fulfill({ response: answer });
  });
  await ann.page.goto('/');
  await ann.page.getByRole('button', { name: 'Settings' }).click();
  await expect(ann.page.getByText('This can’t be shown')).toBeVisible();
  await ann.page.unrouteAll({ behavior: 'wait' });
  await ann.page.getByRole('button', { name: 'Try again' }).click();
  await expect(ann.page.getByRole('heading', { name: 'Profile' })).toBeVisible();
});

test('everything is done by keyboard alone', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  const { keyboard } = ann.page;
  await ann.page.getByRole('button', { name: 'New chat' }).focus();
  await keyboard.press('Enter');
  await expect(ann.page.getByRole('searchbox', { name: 'Search people' })).toBeFocused();
  await keyboard.type('Ben');
  await expect(ann.page.getByRole('option', { name: /^Ben Baker/ })).toBeVisible();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await expect(ann.composer).toBeFocused();
  await keyboard.type('no mouse');
  await keyboard.press('Enter');
  await ben.openChat('Ann Archer');
  await ben.sees('no mouse');
  await ann.isTicked('no mouse', 'Read');
  await keyboard.press('ArrowUp');
  await keyboard.press('Control+A');
  await keyboard.type('no mouse at all');
  await keyboard.press('Enter');
  await ben.sees('no mouse at all');
});

test('it speaks the language of the browser', async ({ browser, server }) => {
  const context = await browser.newContext({ locale: 'de-DE', baseURL: server.url });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Anmelden' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await context.close();
});

test('on a phone one pane shows at a time, and back goes back @phone', async ({ join, isMobile }) => {
  test.skip(!isMobile, 'a phone’s screen');
  const [ann] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await expect(ann.page.getByRole('list', { name: 'Chats' })).toBeHidden();
  await ann.send('small screen');
  await ann.page.goBack();
  await expect(ann.chat('Ben Baker')).toBeVisible();
  await expect(ann.composer).toBeHidden();
});
