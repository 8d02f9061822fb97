import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no screen has an accessibility fault, ${colorScheme} @phone`, async ({ join, browser, server }) => {
    test.slow();
    const context = await browser.newContext({ colorScheme, baseURL: server.url });
    const outside = await context.newPage();
    for (const path of ['/sign-in', '/sign-up']) {
      await outside.goto(path);
      await expect(outside.getByRole('button').first()).toBeVisible();
      await isClean(outside, path);
    }
    await context.close();
    const [ann, ben] = [await join('Ann Archer', { colorScheme }), await join('Ben Baker')];
    await isClean(ann.page, 'an empty list');
    await ann.createGroup('Rowing', ['Ben Baker']);
    await ann.send('Hello https://example.org');
    await ben.openChat('Rowing');
    await ben.send('Good morning');
    await ann.sees('Good morning');
    await isClean(ann.page, 'a conversation');
    await ann.page.getByRole('button', { name: 'Group info' }).click();
    await expect(ann.page.getByRole('list', { name: 'Members' })).toBeVisible();
    await isClean(ann.page, 'group info');
    await ann.page.goto('/');
    await ann.page.getByRole('button', { name: 'New chat' }).click();
    await expect(ann.page.getByRole('dialog')).toBeVisible();
    await isClean(ann.page, 'new chat');
    await ann.page.keyboard.press('Escape');
    await ann.openSettings();
    await isClean(ann.page, 'settings');
  });

  test(`no dialog, menu or notice has an accessibility fault, ${colorScheme} @phone`, async ({
    join,
    line,
  }) => {
    test.slow();
    const ann = await join('Ann Archer', { colorScheme, baseURL: line.url });
    await join('Ben Baker');
    const { page } = ann;
    const close = async (role: 'dialog' | 'menu') => {
      await page.keyboard.press('Escape');
      await expect(page.getByRole(role)).toHaveCount(0);
    };
    await ann.openNewChatWith('Ben Baker');
    await ann.send('Shall we?');
    await ann.isTicked('Shall we?', 'Delivered');
    await ann.message('Shall we?').getByRole('button', { name: 'Message menu' }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await isClean(page, 'the menu of a message');
    await close('menu');
    for (const item of ['Info', 'Forward', 'Delete']) {
      await ann.chooseFromMenuOf('Shall we?', item);
      await expect(page.getByRole('dialog')).toBeVisible();
      await isClean(page, item);
      await close('dialog');
    }
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await expect(page.getByRole('searchbox', { name: 'Search emoji' })).toBeVisible();
    await isClean(page, 'emoji');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Contact info' }).click();
    await expect(page.getByRole('button', { name: 'Search in chat' })).toBeVisible();
    await isClean(page, 'contact info');
    await page.getByRole('button', { name: 'Search in chat' }).click();
    await page.getByRole('searchbox', { name: 'Search in this chat' }).fill('shall');
    await expect(page.getByText('1 message')).toBeVisible();
    await isClean(page, 'search in a chat');
    await page.goto('/');
    await page.getByRole('searchbox', { name: 'Search', exact: true }).fill('ben');
    await expect(page.getByText('1 result')).toBeAttached();
    await isClean(page, 'search');
    await page.goto('/');
    await page.getByRole('button', { name: 'New group' }).click();
    await expect(page.getByRole('textbox', { name: 'Group name' })).toBeVisible();
    await isClean(page, 'new group');
    await close('dialog');
    await ann.openSettings();
    for (const name of ['Change password…', 'Keyboard shortcuts']) {
      await page.getByRole('button', { name }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await isClean(page, name);
      await close('dialog');
    }
    line.cut();
    await expect(ann.waitsForNetwork).toBeVisible();
    await isClean(page, 'no network');
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
