import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { Person } from './support/person.ts';

test('where the browser refuses to keep data, chat works online and says so', async ({ join }) => {
  const [ben, ann] = [await join('Ben Baker'), await join('Ann Archer')];
  await ann.page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', { get: () => undefined });
  });
  await ann.page.reload();
  await ann.isIn();
  const notice = ann.page.getByRole('region', { name: 'Storage' });
  await expect(notice).toContainText('Your browser keeps nothing here');
  await ann.openNewChatWith('Ben Baker');
  await ann.send('by word of mouth');
  await ann.isTicked('by word of mouth', 'Delivered');
  await ben.openChat('Ann Archer');
  await ben.sees('by word of mouth');
  await ben.send('I hear you');
  await ann.sees('I hear you');
  await notice.getByRole('button', { name: 'Close' }).click();
  await expect(notice).toHaveCount(0);
});

test('MARK2 a device without room says so and chats on; what it couldn’t keep counts as delivered when there is room again', async ({
  join,
  server,
  ownBrowser,
}) => {
  const ben = await join('Ben Baker');
  await join('Cleo Carter');
  const before = new Person(await ownBrowser.open({ baseURL: server.url }), 'Ann Archer');
  await before.signUp();
  await before.openNewChatWith('Ben Baker');
  await before.send('while there was room');
  await before.isTicked('while there was room', 'Delivered');
  // A browser that runs goes on for half a minute on the room that it was promised last.
  await ownBrowser.close();

  const ann = before.at(await ownBrowser.open({ baseURL: server.url }));
  const setQuota = await quotaOf(ann.page, server.url);
  await setQuota(1);
  await ann.page.goto('/');
  await ben.openChat('Ann Archer');
  await ben.send('one too many');
  const notice = ann.page.getByRole('region', { name: 'Storage' });
  await expect(notice).toContainText('running out of room');
  await expect(ann.chat('Ben Baker')).toContainText('one too many');
  await ann.openNewChatWith('Cleo Carter');
  await ann.send('sent without room');
  await ann.isTicked('sent without room', 'Delivered');
  await ben.isTicked('one too many', 'Sent');
  await setQuota(null);
  await expect(notice).toHaveCount(0);
  await ben.isTicked('one too many', 'Delivered');
  await ann.page.reload();
  await ann.sees('sent without room');
  await ann.openChat('Ben Baker');
  await ann.sees('one too many');
});

/** Sets how many bytes the browser gives a site, and leaves it to the browser again. All else about the storage is real. */
async function quotaOf(page: Page, origin: string): Promise<(bytes: number | null) => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  return async (bytes) => {
    const quota = bytes === null ? {} : { quotaSize: bytes };
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, ...quota });
  };
}
