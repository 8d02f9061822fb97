import { expect, test } from './support/fixtures.ts';

test('a group is made, talks, and each change of it is a line @phone @cluster', async ({ join }) => {
  const [ann, ben, cleo] = [await join('Ann Archer'), await join('Ben Baker'), await join('Cleo Carter')];
  await ann.createGroup('Rowing', ['Ben Baker', 'Cleo Carter']);
  await ann.send('Who rows on Sunday?');
  await ben.openChat('Rowing');
  await ben.sees('Who rows on Sunday?');
  await ben.send('I do');
  await cleo.openChat('Rowing');
  await cleo.sees('I do');
  await expect(cleo.message('I do')).toContainText('Ben Baker');
  await ann.isTicked('Who rows on Sunday?', 'Read');
});

test('a removed member sees nothing new @cluster', async ({ join }) => {
  const [ann, ben, cleo] = [await join('Ann Archer'), await join('Ben Baker'), await join('Cleo Carter')];
  await ann.createGroup('Rowing', ['Ben Baker', 'Cleo Carter']);
  await ann.send('before');
  await ben.openChat('Rowing');
  await ben.sees('before');
  await ann.page.getByRole('button', { name: 'Group info' }).click();
  const members = ann.page.getByRole('list', { name: 'Members' });
  const row = members.getByRole('listitem').filter({ hasText: 'Ben Baker' });
  await row.getByRole('button', { name: /Member menu/ }).click();
  await ann.page.getByRole('menuitem', { name: 'Remove' }).click();
  await confirm(ann.page);
  await expect(row).toHaveCount(0);
  await ann.page.keyboard.press('Escape');
  await expect(ben.composer).toBeHidden();
  await ann.send('after');
  await cleo.openChat('Rowing');
  await cleo.sees('after');
  await expect(ben.message('after')).toHaveCount(0);
  await ben.page.reload();
  await ben.sees('before');
  await expect(ben.message('after')).toHaveCount(0);
  await expect(ben.composer).toBeHidden();
});

test('an admin adds people, who read from then on', async ({ join }) => {
  const [ann, ben, cleo] = [await join('Ann Archer'), await join('Ben Baker'), await join('Cleo Carter')];
  await ann.createGroup('Rowing', ['Ben Baker']);
  await ann.send('before Cleo');
  await ann.page.getByRole('button', { name: 'Group info' }).click();
  const row = ann.page
    .getByRole('list', { name: 'Members' })
    .getByRole('listitem')
    .filter({ hasText: 'Ben Baker' });
  await row.getByRole('button', { name: /Member menu/ }).click();
  await ann.page.getByRole('menuitem', { name: 'Make admin' }).click();
  await expect(row).toContainText(/admin/i);
  await ben.openChat('Rowing');
  await ben.page.getByRole('button', { name: 'Group info' }).click();
  await ben.page.getByRole('button', { name: 'Add people' }).click();
  const dialog = ben.page.getByRole('dialog').last();
  await dialog.getByRole('searchbox', { name: 'Search people' }).fill('Cleo');
  await dialog.getByRole('option', { name: /^Cleo Carter/ }).click();
  await dialog.getByRole('button', { name: /^Add/ }).click();
  await cleo.openChat('Rowing');
  await expect(cleo.log).toContainText(/added/i);
  await expect(cleo.message('before Cleo')).toHaveCount(0);
  await cleo.send('hello everyone');
  await ann.page.keyboard.press('Escape');
  await ann.sees('hello everyone');
});

test('who leaves is gone, and an owner who leaves passes the group on', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.createGroup('Rowing', ['Ben Baker']);
  await ben.openChat('Rowing');
  await ann.page.getByRole('button', { name: 'Group info' }).click();
  await ann.page.getByRole('button', { name: 'Leave group' }).click();
  await confirm(ann.page);
  await expect(ann.composer).toBeHidden();
  await expect(ben.log).toContainText(/Ann Archer left/i);
  await ben.page.getByRole('button', { name: 'Group info' }).click();
  await expect(ben.page.getByRole('list', { name: 'Members' }).getByRole('listitem')).toHaveCount(1);
  await expect(ben.page.getByRole('list', { name: 'Members' })).toContainText(/owner/i);
});

async function confirm(page: import('@playwright/test').Page): Promise<void> {
  await page.getByRole('alertdialog').getByRole('button').last().click();
}
