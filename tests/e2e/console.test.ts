import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { Person } from './support/person.ts';

const list = (page: Page, name: string) => page.getByRole('list', { name });

/** Opens the menu of a user in the console and chooses. */
async function act(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function confirm(page: Page, action: string): Promise<void> {
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('button', { name: action }).click();
  await expect(dialog).toHaveCount(0);
}

test('ADM1 ADM2 the first account finds the console in its settings; another is refused, by the page and by the server', async ({
  join,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openSettings();
  await ann.page.getByRole('link', { name: 'Open the console' }).click();
  await expect(ann.page.getByRole('heading', { name: 'Users' })).toBeVisible();
  await expect(list(ann.page, 'Users').getByRole('listitem')).toHaveCount(2);

  await ben.openSettings();
  await expect(ben.page.getByRole('heading', { name: 'Security' })).toBeVisible();
  await expect(ben.page.getByRole('link', { name: 'Open the console' })).toHaveCount(0);
  await ben.page.goto('/admin');
  await expect(ben.page.getByRole('heading', { name: 'This page is for operators' })).toBeVisible();
  await expect(ben.page.getByText('Ann Archer')).toHaveCount(0);
  const input = encodeURIComponent(JSON.stringify({ query: '', after: null }));
  const answer = await ben.page.request.get(`/api/rpc/admin.accounts?input=${input}`);
  expect(answer.status()).toBe(403);
  expect(await answer.json()).toMatchObject({ error: { data: { code: 'not-allowed' } } });
});

test('ADM4 ADM5 who is suspended is out at once and is told why they can’t come in; the log says who did it', async ({
  join,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ben.openNewChatWith('Ann Archer');
  await ben.send('Good morning');
  const { page } = ann;
  await page.goto('/admin');
  await page.getByRole('searchbox', { name: 'Search by name or username' }).fill('baker');
  await expect(list(page, 'Users').getByRole('listitem')).toHaveCount(1);
  await act(page, 'Ben Baker', 'Suspend');
  await confirm(page, 'Suspend');
  await expect(list(page, 'Users').getByText('Suspended')).toBeVisible();

  await expect(ben.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await ben.signIn();
  await expect(ben.page.getByRole('alert')).toContainText('This account is suspended');

  await page.getByRole('link', { name: 'Audit log' }).click();
  const log = list(page, 'Audit log').getByRole('listitem');
  await expect(log.first()).toContainText(/Ann Archer .* suspended Ben Baker/);
  await expect(log.last()).toContainText('first operator');

  await page.getByRole('link', { name: 'Users' }).click();
  await act(page, 'Ben Baker', 'Lift the suspension');
  await confirm(page, 'Lift the suspension');
  await ben.signIn();
  await ben.isIn();
  await ben.openChat('Ann Archer');
  await ben.sees('Good morning');
});

test('ADM3 ADM6 an operator makes another, and a link with which somebody chooses a new password', async ({
  join,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  const { page } = ann;
  await page.goto('/admin');
  await act(page, 'Ben Baker', 'Reset the password');
  await confirm(page, 'Reset the password');
  const link = await page.getByRole('dialog').getByRole('textbox', { name: 'Link' }).inputValue();
  await page.keyboard.press('Escape');

  await expect(ben.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await ben.signIn();
  await expect(ben.page.getByRole('alert')).toContainText('wrong');
  await ben.page.goto(link);
  await ben.page.getByRole('textbox', { name: 'New password' }).fill('another good password');
  await ben.page.getByRole('button', { name: 'Save the password' }).click();
  await expect(ben.page.getByRole('status').filter({ hasText: 'saved' })).toBeVisible();
  await ben.signIn('another good password');
  await ben.isIn();

  await act(page, 'Ben Baker', 'Make operator');
  await confirm(page, 'Make operator');
  await ben.page.goto('/admin');
  await act(ben.page, 'Ann Archer', 'Take the operator’s role');
  await confirm(ben.page, 'Take the operator’s role');
  await act(ben.page, 'Ben Baker', 'Take the operator’s role');
  await ben.page
    .getByRole('alertdialog')
    .getByRole('button', { name: 'Take the operator’s role' })
    .click();
  await expect(ben.page.getByText('You may not do that.')).toBeVisible();
});

test('ADM7 a message is reported from its menu, and its author is suspended from there', async ({ join }) => {
  const [ann, ben, cleo] = [await join('Ann Archer'), await join('Ben Baker'), await join('Cleo Carter')];
  await ben.openNewChatWith('Cleo Carter');
  await ben.send('Buy cheap watches');
  await cleo.openChat('Ben Baker');
  await cleo.chooseFromMenuOf('Buy cheap watches', 'Report');
  const dialog = cleo.page.getByRole('dialog', { name: 'Report this message' });
  await expect(dialog).toContainText('Buy cheap watches');
  await dialog.getByRole('button', { name: 'Send report' }).click();
  await expect(dialog).toHaveCount(0);

  const { page } = ann;
  await page.goto('/admin#reports');
  const report = page.getByRole('article', { name: 'A message by Ben Baker' });
  await expect(report).toContainText('Buy cheap watches');
  await expect(report).toContainText('Reported by Cleo Carter');
  await report.getByRole('button', { name: 'Suspend the author' }).click();
  await confirm(page, 'Suspend');
  await expect(report.getByText('Suspended')).toBeVisible();
  await report.getByRole('button', { name: 'Resolve' }).click();
  await expect(page.getByText('Nothing is waiting for you.')).toBeVisible();
  await expect(ben.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('ADM8 sign-up is closed at run time, and opened by an invitation that can be revoked', async ({
  join,
  browser,
  server,
}) => {
  const { page } = await join('Ann Archer');
  await page.goto('/admin#settings');
  await page.getByRole('radio', { name: 'By invitation' }).click();
  await expect(page.getByText('Chosen here, in place of the setting SIGN_UP.')).toBeVisible();
  const cleo = new Person(
    await (await browser.newContext({ baseURL: server.url })).newPage(),
    'Cleo Carter',
  );
  await cleo.fillSignUp('/sign-up');
  await cleo.page.getByRole('button', { name: 'Create account' }).click();
  await expect(cleo.page.getByRole('alert')).toContainText('needs an invitation');

  await page.goto('/admin#invites');
  await page.getByRole('button', { name: 'Make an invitation' }).click();
  const made = page.getByRole('dialog', { name: 'Your invitation' });
  const link = await made.getByRole('textbox', { name: 'Link' }).inputValue();
  await page.keyboard.press('Escape');
  await cleo.fillSignUp(link);
  await list(page, 'Invitations').getByRole('button', { name: 'Revoke' }).click();
  await confirm(page, 'Revoke');
  await cleo.page.getByRole('button', { name: 'Create account' }).click();
  await expect(cleo.page.getByRole('alert')).toContainText('not valid any more');
  await cleo.page.context().close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no page of the console has an accessibility fault, ${colorScheme} @phone`, async ({ join }) => {
    test.slow();
    const ann = await join('Ann Archer', { colorScheme });
    const ben = await join('Ben Baker', { colorScheme });
    const { page } = ann;
    await ben.page.goto('/admin');
    await expect(ben.page.getByRole('heading', { name: 'This page is for operators' })).toBeVisible();
    await isClean(ben.page, 'refused');
    for (const [place, heading] of [
      ['users', 'Users'],
      ['reports', 'Reports'],
      ['invites', 'Invitations'],
      ['settings', 'Settings'],
      ['audit', 'Audit log'],
    ] as const) {
      await page.goto(`/admin#${place}`);
      await expect(page.getByRole('heading', { name: heading })).toBeVisible();
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
      await isClean(page, place);
    }
    await page.goto('/admin#users');
    await act(page, 'Ben Baker', 'Suspend');
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await isClean(page, 'the question before a suspension');
  });
}

async function isClean(page: Page, screen: string): Promise<void> {
  const results = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const faults = results.violations.map(
    ({ id, nodes }) => `${screen}: ${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(faults).toEqual([]);
}
