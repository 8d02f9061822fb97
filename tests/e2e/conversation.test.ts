import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import type { Person } from './support/person.ts';

const picture = join(import.meta.dirname, '../../apps/web/public/icons/icon-512.png');

test('a message is answered by keyboard alone', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('Which boat do we take?');
  await ben.openChat('Ann Archer');
  await ben.sees('Which boat do we take?');
  await ben.log.focus();
  await expect(ben.message('Which boat')).toBeFocused();
  await ben.page.keyboard.press('Enter');
  await expect(ben.page.getByRole('menuitem', { name: 'Reply' })).toBeVisible();
  await ben.page.keyboard.press('ArrowDown');
  await ben.page.keyboard.press('Enter');
  await expect(ben.composer).toBeFocused();
  await ben.page.keyboard.type('The blue one');
  await ben.page.keyboard.press('Enter');
  await expect(ann.message('The blue one')).toContainText('Which boat do we take?');
  await ben.isTicked('The blue one', 'Read');
  await ben.page.keyboard.press('ArrowUp');
  await expect(ben.composer).toHaveValue('The blue one');
  await ben.page.keyboard.press('Escape');
  await expect(ben.composer).toHaveValue('');
});

test('typing among the messages goes into the composer, and Shift+F10 opens a menu that gives the focus back', async ({
  join,
}) => {
  const [ann] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('first line');
  await ann.log.focus();
  await ann.page.keyboard.press('Shift+F10');
  await expect(ann.page.getByRole('menu', { name: 'Message menu' })).toBeVisible();
  await ann.page.keyboard.press('Escape');
  await expect(ann.message('first line')).toBeFocused();
  await ann.page.keyboard.type('more');
  await expect(ann.composer).toBeFocused();
  await expect(ann.composer).toHaveValue('more');
});

test('a new message is said once to screen readers, an old one never again', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('before anybody listens');
  await ben.openChat('Ann Archer');
  await ben.sees('before anybody listens');
  const said = await listen(ben.page);
  await ann.send('hear this');
  await ben.sees('hear this');
  await expect.poll(said).toEqual(['Ann Archer: hear this']);
  await ben.send('heard');
  await ann.chooseFromMenuOf('hear this', 'Edit');
  await ann.composer.fill('hear that');
  await ann.composer.press('Enter');
  await ben.sees('hear that');
  expect(await said()).toEqual(['Ann Archer: hear this']);
});

test('starred messages are listed, and lead to where they were said', async ({ join }) => {
  const [ann] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('the key is under the pot');
  await ann.send('something else');
  await ann.chooseFromMenuOf('the key is under the pot', 'Star');
  await expect(ann.message('the key').getByRole('img', { name: 'Starred' })).toBeVisible();
  await ann.page.getByRole('button', { name: 'Contact info' }).click();
  await ann.page.getByRole('button', { name: 'Starred messages' }).click();
  const list = ann.page.getByRole('list', { name: 'Starred messages' });
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await list.getByRole('button', { name: /the key is under the pot/ }).click();
  await expect(ann.message('the key')).toBeInViewport();
});

test('words are found in a chat', async ({ join }) => {
  const [ann] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  for (const text of ['Café at noon', 'tea at four', 'cafe again']) await ann.send(text);
  await ann.page.getByRole('button', { name: 'Contact info' }).click();
  await ann.page.getByRole('button', { name: 'Search in chat' }).click();
  await ann.page.getByRole('searchbox', { name: 'Search in this chat' }).fill('CAFE');
  await expect(ann.page.getByText('2 messages')).toBeVisible();
  await expect(ann.page.getByRole('list', { name: 'Found messages' })).toContainText('Café at noon');
});

test('an admin gives the group a name, a description and a picture', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.createGroup('Rowing', ['Ben Baker']);
  await ben.openChat('Rowing');
  await ann.page.getByRole('button', { name: 'Group info' }).click();
  await ann.page.getByRole('button', { name: 'Edit group' }).click();
  await ann.page.getByRole('textbox', { name: 'Group name' }).fill('Rowing club');
  await ann.page.getByRole('textbox', { name: 'Description' }).fill('Sundays at nine');
  await ann.page.getByRole('button', { name: 'Save' }).click();
  await ann.page.getByRole('button', { name: 'Add a picture' }).click();
  const choosing = ann.page.waitForEvent('filechooser');
  await ann.page.getByRole('menuitem', { name: 'Choose a picture…' }).click();
  await (await choosing).setFiles(picture);
  await ann.page.getByRole('button', { name: 'Use this picture' }).click();
  await expect(ann.page.getByRole('button', { name: 'Change the picture' })).toBeVisible();
  await expect(ben.page.getByRole('heading', { name: 'Rowing club' })).toBeVisible();
  await expect(ben.log).toContainText('Ann Archer named the group “Rowing club”');
  await expect(ben.log).toContainText('Ann Archer changed the description');
  await expect(ben.log).toContainText('Ann Archer changed the group’s picture');
  await expect(ben.page.locator('main header img')).toHaveJSProperty('naturalWidth', 512);
  await ben.page.getByRole('button', { name: 'Group info' }).click();
  await expect(ben.page.getByText('Sundays at nine')).toBeVisible();
  await expect(ben.page.getByRole('button', { name: 'Edit group' })).toHaveCount(0);
  await expect(ben.page.getByRole('button', { name: 'Add people' })).toHaveCount(0);
});

test('OUT4 what is refused shows why, can be copied or given up, and is asked about before signing out', async ({
  join,
  line,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker', { baseURL: line.url })];
  await ann.createGroup('Rowing', ['Ben Baker']);
  await ben.openChat('Rowing');
  line.cut();
  await expect(ben.waitsForNetwork).toBeVisible();
  await ben.send('am I still here?');
  await removeFromGroup(ann, 'Ben Baker');
  line.mend();
  await ben.isTicked('am I still here?', 'Failed');
  const failed = ben.message('am I still here?');
  await expect(failed.getByRole('button', { name: 'Retry' })).toBeVisible();
  await expect(failed.getByRole('button', { name: 'Copy' })).toBeVisible();
  await expect(ben.page.getByText(/no longer a member/)).toBeVisible();
  await ben.openSettings();
  await ben.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  const question = ben.page.getByRole('alertdialog', { name: 'Sign out now?' });
  await expect(question).toContainText('One message has not been sent yet');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await ben.openChat('Rowing');
  await failed.getByRole('button', { name: 'Delete' }).click();
  await expect(failed).toHaveCount(0);
  await ben.openSettings();
  await ben.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(ben.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

async function removeFromGroup(admin: Person, name: string): Promise<void> {
  await admin.page.getByRole('button', { name: 'Group info' }).click();
  const members = admin.page.getByRole('list', { name: 'Members' });
  const row = members.getByRole('listitem').filter({ hasText: name });
  await row.getByRole('button', { name: 'Member menu' }).click();
  await admin.page.getByRole('menuitem', { name: 'Remove' }).click();
  await admin.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(row).toHaveCount(0);
}

/** What the conversation says to screen readers from now on, in order. */
async function listen(page: Page): Promise<() => Promise<readonly string[]>> {
  // It is fetched after the first paint.
  const region = page.locator('main [aria-live=polite]').first();
  const said = await region.evaluateHandle((region) => {
    const texts: string[] = [];
    new MutationObserver(() => {
      if (region.textContent) texts.push(region.textContent);
    }).observe(region, { childList: true, characterData: true, subtree: true });
    return texts;
  });
  return () => said.jsonValue();
}
