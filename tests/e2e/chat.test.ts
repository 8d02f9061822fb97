import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';

test('two people chat, and see sent, delivered and read @phone @cluster', async ({ join, isMobile }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('Hello Ben');
  await expect(ben.chat('Ann Archer')).toContainText('Hello Ben');
  await ann.isTicked('Hello Ben', 'Delivered');
  await ben.openChat('Ann Archer');
  await ben.sees('Hello Ben');
  await ann.isTicked('Hello Ben', 'Read');
  await ben.send('Hello Ann');
  await ann.sees('Hello Ann');
  if (!isMobile) await expect(ann.chat('Ben Baker')).toContainText('Hello Ann');
});

test('a message to somebody who is away has one tick until they come back', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  const context = ben.page.context();
  await ben.page.close();
  await ann.openNewChatWith('Ben Baker');
  await ann.send('Are you there?');
  await ann.isTicked('Are you there?', 'Sent');
  const page = await context.newPage();
  await page.goto('/');
  await ann.isTicked('Are you there?', 'Delivered');
});

test('unread messages are counted in the list, the tab and on the app’s icon, and divided off in the chat @cluster', async ({
  join,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  const badge = await badgeOf(ben.page);
  await ann.openNewChatWith('Ben Baker');
  for (const text of ['one', 'two', 'three']) await ann.send(`number ${text}`);
  await expect(ben.chat('Ann Archer').getByText('3 unread')).toBeAttached();
  await expect(ben.page).toHaveTitle(/3/);
  await expect.poll(badge).toBe(3);
  await ben.openChat('Ann Archer');
  await expect(ben.log.getByText(/3 unread messages/i)).toBeVisible();
  await expect(ben.chat('Ann Archer').getByText(/unread/)).toHaveCount(0);
  await expect(ben.page).not.toHaveTitle(/3/);
  await expect.poll(badge).toBe(0);
});

test('typing and being online show beside the title @cluster', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('Hi');
  await ben.openChat('Ann Archer');
  await expect(ann.page.getByText('online', { exact: true })).toBeVisible();
  await ben.composer.pressSequentially('I am writing');
  await expect(ann.page.getByText('typing…').first()).toBeVisible();
  await ben.composer.fill('');
  await ben.page.context().close();
  await expect(ann.page.getByText(/^last seen/)).toBeVisible({ timeout: 20_000 });
});

test('a reply quotes its message and jumps to it', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('Shall we meet at noon?');
  await ben.openChat('Ann Archer');
  await ben.chooseFromMenuOf('Shall we meet at noon?', 'Reply');
  await ben.composer.fill('Make it one');
  await ben.composer.press('Enter');
  const reply = ann.message('Make it one');
  await expect(reply).toContainText('Shall we meet at noon?');
  await reply.getByRole('button', { name: /Shall we meet at noon/ }).click();
  await expect(ann.message('Shall we meet at noon?').first()).toBeInViewport();
});

test('a message deleted for everyone is gone for everyone, one deleted for me is gone for me', async ({
  join,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('a slip of the tongue');
  await ann.send('a word to keep');
  await ben.openChat('Ann Archer');
  await ben.sees('a slip of the tongue');
  await ann.chooseFromMenuOf('a slip of the tongue', 'Delete');
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete for everyone' }).click();
  for (const person of [ann, ben]) await expect(person.message('a slip of the tongue')).toHaveCount(0);
  await expect(ben.log.getByText(/deleted/i)).toBeVisible();
  await ann.chooseFromMenuOf('a word to keep', 'Delete');
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete for me' }).click();
  await expect(ann.message('a word to keep')).toHaveCount(0);
  await ben.sees('a word to keep');
  await ann.page.reload();
  await ann.isIn();
  await expect(ann.message('a word to keep')).toHaveCount(0);
});

test('edits and reactions reach the other side @cluster', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('teh first try');
  await ben.openChat('Ann Archer');
  await ann.chooseFromMenuOf('teh first try', 'Edit');
  await ann.composer.fill('the second try');
  await ann.composer.press('Enter');
  await ben.sees('the second try');
  await expect(ben.message('the second try')).toContainText(/edited/i);
  await expect(ben.message('teh first try')).toHaveCount(0);
  await ben.chooseFromMenuOf('the second try', 'React');
  await ben.page.getByRole('button', { name: /👍/ }).first().click();
  await expect(ann.message('the second try')).toContainText('👍');
});

test('a message is forwarded, starred and copied', async ({ join }) => {
  const [ann, ben, cleo] = [await join('Ann Archer'), await join('Ben Baker'), await join('Cleo Carter')];
  await ann.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await ann.openNewChatWith('Cleo Carter');
  await ann.send('Hi Cleo');
  await ann.openNewChatWith('Ben Baker');
  await ann.send('good news');
  await ann.chooseFromMenuOf('good news', 'Copy');
  expect(await ann.page.evaluate(() => navigator.clipboard.readText())).toBe('good news');
  await ann.chooseFromMenuOf('good news', 'Star');
  await ann.chooseFromMenuOf('good news', 'Forward');
  const dialog = ann.page.getByRole('dialog');
  await dialog.getByRole('option', { name: /^Cleo Carter/ }).click();
  await dialog.getByRole('button', { name: /^(Forward|Send)/ }).click();
  await cleo.openChat('Ann Archer');
  await cleo.sees('good news');
  await expect(cleo.message('good news')).toContainText(/forwarded/i);
  await ben.openChat('Ann Archer');
  await ben.sees('good news');
});

test('message info says when it was delivered and read @cluster', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('read me');
  await ben.openChat('Ann Archer');
  await ann.isTicked('read me', 'Read');
  await ann.chooseFromMenuOf('read me', 'Info');
  const info = ann.page.getByRole('dialog');
  await expect(info).toContainText('Ben Baker');
  await expect(info).toContainText(/Read/);
  await expect(info).toContainText(/Delivered/);
});

test('Enter sends, Shift+Enter breaks, and links are links that keep to themselves', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.composer.pressSequentially('see https://example.org/page');
  await ann.composer.press('Shift+Enter');
  await ann.composer.pressSequentially('and javascript:alert(1) <b>not bold</b>');
  await ann.composer.press('Enter');
  await ben.openChat('Ann Archer');
  const message = ben.message('see https://example.org/page');
  const link = message.getByRole('link', { name: 'https://example.org/page' });
  await expect(link).toHaveAttribute('rel', /noopener/);
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(message.getByRole('link')).toHaveCount(1);
  await expect(message).toContainText('<b>not bold</b>');
});

test('a draft stays with its chat, also over a reload', async ({ join }) => {
  const [ann] = [await join('Ann Archer'), await join('Ben Baker'), await join('Cleo Carter')];
  await ann.openNewChatWith('Ben Baker');
  await ann.composer.fill('half a thought');
  await ann.openNewChatWith('Cleo Carter');
  await expect(ann.composer).toHaveValue('');
  await ann.openChat('Ben Baker');
  await expect(ann.composer).toHaveValue('half a thought');
  await ann.page.reload();
  await expect(ann.composer).toHaveValue('half a thought');
});

test('a message of 64 KiB goes through, a longer one is refused before it is lost', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  const long = `${`begin ${'long '.repeat(14_000)}`.slice(0, 64 * 1024 - 4)} end`;
  await ann.composer.fill(long);
  await ann.composer.press('Enter');
  await ann.isTicked('begin long', 'Delivered');
  await expect(ann.composer).toHaveValue('');
  await ben.openChat('Ann Archer');
  await ben.sees('begin long');
  await ann.composer.fill(`${long} and more`);
  await ann.composer.press('Enter');
  await expect(ann.composer).toHaveValue(/and more$/);
  await expect(ann.page.getByText(/too long/i).first()).toBeVisible();
});

/** The number on the app's icon, which the system shows and nobody can ask for. */
async function badgeOf(page: Page): Promise<() => Promise<number>> {
  const badge = await page.evaluateHandle(() => {
    const shown = { count: 0 };
    navigator.setAppBadge = async (count = 0) => {
      shown.count = count;
    };
    navigator.clearAppBadge = async () => {
      shown.count = 0;
    };
    return shown;
  });
  return async () => (await badge.jsonValue()).count;
}
