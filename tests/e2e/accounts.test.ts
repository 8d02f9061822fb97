import { expect, TestServer, test } from './support/fixtures.ts';
import { password } from './support/person.ts';

test('signing up, out and in again @phone', async ({ join }) => {
  const ann = await join('Ann Archer');
  await ann.openSettings();
  for (const heading of ['Profile', 'Privacy', 'Notifications', 'Devices', 'Appearance']) {
    await expect(ann.page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
  }
  await ann.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(ann.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await ann.signIn('not the password');
  await expect(ann.page.getByRole('alert')).toContainText('wrong');
  await ann.signIn();
  await ann.isIn();
});

test('a taken username and a short password are refused in words', async ({ join, browser, server }) => {
  const ann = await join('Ann Archer');
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await page.goto('/sign-up');
  await page.getByRole('textbox', { name: 'Username' }).fill(ann.username);
  await page.getByRole('textbox', { name: 'Display name' }).fill('Another Ann');
  await page.getByRole('textbox', { name: 'Password' }).fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('alert').first()).toContainText(/8 characters/);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('alert').first()).toContainText(/taken/);
  await context.close();
});

test('SESS4 where sign-up is by invitation, an invitation lets one person in', async ({ browser }) => {
  await using server = await TestServer.start({ SIGN_UP: 'invite' });
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await page.goto('/sign-up');
  await expect(page.getByText(/invit/i).first()).toBeVisible();
  const uninvited = await page.request.post('/api/auth/sign-up', {
    data: { username: 'uninvited', displayName: 'Nobody', password },
    headers: { origin: server.url },
  });
  expect(uninvited.status()).toBe(403);
  await context.close();
});

test('who hides being seen sees nobody; who hides reading is not told of it', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ben.openSettings();
  await ben.page.getByRole('switch', { name: /read receipts/i }).click();
  await ben.page.getByRole('combobox', { name: 'Online' }).click();
  await ben.page.getByRole('option', { name: 'Nobody' }).click();
  await ben.page.goto('/');
  await ann.openNewChatWith('Ben Baker');
  await ann.send('seen or not?');
  await ben.openChat('Ann Archer');
  await ben.sees('seen or not?');
  await ben.send('who knows');
  await ann.sees('who knows');
  await ann.isTicked('seen or not?', 'Delivered');
  await expect(ann.tick('seen or not?', 'Read')).toHaveCount(0);
  await expect(ann.page.getByText('online', { exact: true })).toHaveCount(0);
  await expect(ben.page.getByText('online', { exact: true })).toHaveCount(0);
});
