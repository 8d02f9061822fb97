import { paintedPictures, sendFiles } from './support/attaching.ts';
import { expect, test } from './support/fixtures.ts';
import { photo } from './support/media-files.ts';

test('the settings say what media take, and free it; what was freed is fetched again', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await sendFiles(ann, 'Photos and videos', [await photo('lake.jpg', 200)], 'the lake');
  await ben.openChat('Ann Archer');
  await expect.poll(() => paintedPictures(ben.message('the lake'))).toBe(1);

  await ben.openSettings();
  const { page } = ben;
  const kinds = page.getByRole('list', { name: 'By kind' });
  await expect(kinds.getByRole('listitem').filter({ hasText: 'Photos' })).toContainText(/\d (kB|MB)/);
  await expect(page.getByRole('list', { name: 'By chat' })).toContainText('Ann Archer');
  await expect(page.getByRole('meter', { name: 'Space on the server' })).toBeAttached();
  await page.getByRole('combobox', { name: /^Photos/ }).click();
  await page.getByRole('option', { name: 'Never' }).click();
  await page.getByRole('button', { name: 'Free up space', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Free up' }).click();
  await expect(kinds).toHaveCount(0);

  await page.goto('/');
  await ben.openChat('Ann Archer');
  const message = ben.message('the lake');
  await expect(message.getByRole('button', { name: /^Download Photo/ })).toBeVisible();
  expect(await paintedPictures(message)).toBe(0);
  await message.getByRole('button', { name: /^Download Photo/ }).click();
  await expect.poll(() => paintedPictures(message)).toBe(1);
});
