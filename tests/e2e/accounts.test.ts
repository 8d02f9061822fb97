import { expect, test } from './support/fixtures.ts';
import { Person, password } from './support/person.ts';

test('signing up, out and in again @phone @cluster', async ({ join }) => {
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

test('SESS4 where sign-up is by invitation, a link lets in as many as it is for, and nobody else @cluster', async ({
  join,
  server,
  browser,
}) => {
  const ann = await join('Ann Archer');
  await server.end('SIGTERM');
  await server.startAgain({ SIGN_UP: 'invite' });
  await ann.page.goto('/');
  await ann.openSettings();
  await ann.page.getByRole('button', { name: 'Make a link' }).click();
  const invitation = ann.page.getByRole('list', { name: 'Open invitations' }).getByRole('listitem');
  await expect(invitation).toContainText('One use left');
  const link = /https?:\S+/.exec(await invitation.innerText())?.[0] ?? '';

  const context = await browser.newContext({ baseURL: server.url });
  const uninvited = new Person(await context.newPage(), 'Nobody Invited');
  await uninvited.fillSignUp('/sign-up');
  await expect(uninvited.page.getByText('New accounts are made by invitation here')).toBeVisible();
  await uninvited.page.getByRole('button', { name: 'Create account' }).click();
  await expect(uninvited.page.getByRole('alert')).toContainText('needs an invitation');

  const cleo = new Person(await (await browser.newContext()).newPage(), 'Cleo Carter');
  await cleo.fillSignUp(link);
  await expect(cleo.page.getByText('You were invited')).toBeVisible();
  await cleo.page.getByRole('button', { name: 'Create account' }).click();
  await cleo.isIn();
  await uninvited.page.getByRole('textbox', { name: 'Invitation' }).fill(link);
  await uninvited.page.getByRole('button', { name: 'Create account' }).click();
  await expect(uninvited.page.getByRole('alert')).toContainText('not valid any more');
  await cleo.page.context().close();
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

test('a profile that changes is seen by others', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ben.openNewChatWith('Ann Archer');
  await ben.send('Hi');
  await ann.openSettings();
  await ann.page.getByRole('textbox', { name: 'Display name' }).fill('Ann the Archer');
  await ann.page.getByRole('textbox', { name: 'About' }).fill('Rowing on Sundays');
  await ann.page.getByRole('button', { name: 'Save' }).click();
  await expect(ben.page.getByRole('heading', { name: 'Ann the Archer' })).toBeVisible();
  await expect(ben.chat('Ann the Archer')).toBeVisible();
  await ben.page.getByRole('button', { name: 'Contact info' }).click();
  await expect(ben.page.getByText('Rowing on Sundays')).toBeVisible();
});

test('a new password ends all other sessions', async ({ join }) => {
  const ann = await join('Ann Archer');
  const laptop = await ann.onAnotherDevice();
  await ann.openSettings();
  await ann.page.getByRole('button', { name: 'Change password…' }).click();
  const dialog = ann.page.getByRole('dialog', { name: 'Change password' });
  await dialog.getByRole('textbox', { name: 'New password' }).fill('another correct horse');
  await dialog.getByRole('textbox', { name: 'Current password' }).fill('not it');
  await dialog.getByRole('button', { name: 'Change' }).click();
  await expect(dialog.getByRole('alert')).toContainText('wrong');
  await dialog.getByRole('textbox', { name: 'Current password' }).fill(password);
  await dialog.getByRole('button', { name: 'Change' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(laptop.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await laptop.signIn();
  await expect(laptop.page.getByRole('alert')).toContainText('wrong');
  await laptop.signIn('another correct horse');
  await laptop.isIn();
  await ann.isIn();
  await laptop.page.context().close();
});
