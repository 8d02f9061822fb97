import type { Locator } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import type { Person } from './support/person.ts';

test('chats are pinned, muted and marked as read from their menu, on all devices of the user', async ({
  join,
}) => {
  const [ann, ben, cleo] = [await join('Ann Archer'), await join('Ben Baker'), await join('Cleo Carter')];
  const laptop = await ann.onAnotherDevice();
  await ben.openNewChatWith('Ann Archer');
  await ben.send('from Ben');
  await cleo.openNewChatWith('Ann Archer');
  await cleo.send('from Cleo');
  await expect.poll(() => titlesOf(ann)).toEqual(['Cleo Carter', 'Ben Baker']);
  await expect(ann.page).toHaveTitle(/^\(2\)/);

  await choose(ann, ann.chat('Ben Baker'), 'Pin');
  for (const device of [ann, laptop])
    await expect.poll(() => titlesOf(device)).toEqual(['Ben Baker', 'Cleo Carter']);
  await choose(ann, ann.chat('Ben Baker'), 'Mute', 'Always');
  for (const device of [ann, laptop]) {
    await expect(device.chat('Ben Baker').getByRole('img', { name: 'Muted' })).toBeVisible();
    await expect(device.page).toHaveTitle(/^\(1\)/);
  }
  await choose(ann, ann.chat('Cleo Carter'), 'Mark as read');
  await expect(laptop.page).toHaveTitle('Tidings');
  await choose(ann, ann.chat('Ben Baker'), 'Unpin');
  await expect.poll(() => titlesOf(laptop)).toEqual(['Cleo Carter', 'Ben Baker']);
  await laptop.page.context().close();
});

test('chats are archived, brought back, and emptied after a question', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('old news');
  await ann.isTicked('old news', 'Delivered');
  await choose(ann, ann.chat('Ben Baker'), 'Archive');
  await expect(ann.chat('Ben Baker')).toHaveCount(0);
  await ann.page.getByRole('button', { name: 'Undo' }).click();
  await expect(ann.chat('Ben Baker')).toBeVisible();
  await choose(ann, ann.chat('Ben Baker'), 'Archive');
  await ann.page.getByRole('link', { name: /^Archive/ }).click();
  const archived = ann.page.getByRole('list', { name: 'Archive' }).getByRole('link', { name: /^Ben Baker/ });
  await choose(ann, archived, 'Move out of the archive');
  await expect(archived).toHaveCount(0);
  await ann.page.goto('/');
  await choose(ann, ann.chat('Ben Baker'), 'Delete chat…');
  const question = ann.page.getByRole('alertdialog', { name: 'Delete “Ben Baker”?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(ann.chat('Ben Baker')).toBeVisible();
  await choose(ann, ann.chat('Ben Baker'), 'Delete chat…');
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(ann.chat('Ben Baker')).toHaveCount(0);
  await ben.openChat('Ann Archer');
  await ben.sees('old news');
  await ben.send('fresh news');
  await ann.openChat('Ben Baker');
  await ann.sees('fresh news');
  await expect(ann.message('old news')).toHaveCount(0);
});

/** By a right click, as one would. */
async function choose(person: Person, chat: Locator, ...items: readonly string[]): Promise<void> {
  await chat.click({ button: 'right' });
  for (const name of items) await person.page.getByRole('menuitem', { name, exact: true }).click();
  await expect(person.page.getByRole('menu')).toHaveCount(0);
}

/** Of the two, in the order of the list. */
async function titlesOf(person: Person): Promise<string[]> {
  const texts = await person.page.getByRole('list', { name: 'Chats' }).getByRole('link').allInnerTexts();
  return texts.flatMap((text) => /^(Ben Baker|Cleo Carter)$/m.exec(text)?.[0] ?? []);
}
