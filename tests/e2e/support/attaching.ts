import { expect, type Locator } from '@playwright/test';
import type { Given } from './media-files.ts';
import type { Person } from './person.ts';

type Item = 'Photos and videos' | 'Document' | 'Place' | 'Contact';

export async function chooseAttach({ page }: Person, item: Item): Promise<void> {
  await page.getByRole('button', { name: 'Attach' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Picks files in the menu of the composer; they stand in the dialog then. */
export async function pick(person: Person, item: Item, files: readonly Given[]): Promise<Locator> {
  const { page } = person;
  const chooser = page.waitForEvent('filechooser');
  await chooseAttach(person, item);
  await (await chooser).setFiles([...files]);
  const dialog = page.getByRole('dialog', { name: /^Send/ });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** Picks files and sends them as one message. */
export async function sendFiles(
  person: Person,
  item: Item,
  files: readonly Given[],
  caption = '',
): Promise<void> {
  const dialog = await pick(person, item, files);
  if (caption !== '') await dialog.getByRole('textbox', { name: 'Caption' }).fill(caption);
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

/** The newest message. */
export const newest = ({ log }: Person): Locator => log.getByRole('article').last();

/** How many pictures of a message are on the screen, decoded. */
export const paintedPictures = (message: Locator): Promise<number> =>
  message
    .getByRole('img')
    .evaluateAll(
      (pictures) =>
        pictures.filter((picture) => picture instanceof HTMLImageElement && picture.naturalWidth > 0).length,
    );
