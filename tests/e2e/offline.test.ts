import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { Person } from './support/person.ts';

test('OUT1 OUT2 what is sent offline outlives the browser: opened again, it delivers in order, exactly once', async ({
  join,
  line,
  ownBrowser,
}) => {
  const ben = await join('Ben Baker');
  const ann = new Person(await ownBrowser.open({ baseURL: line.url }), 'Ann Archer');
  await ann.signUp();
  await ann.openNewChatWith('Ben Baker');
  await ann.send('before the tunnel');
  await ann.isTicked('before the tunnel', 'Delivered');
  await ann.worksOffline();
  line.cut();
  await expect(ann.waitsForNetwork).toBeVisible();
  for (const number of [1, 2, 3, 4, 5]) await ann.send(`in the tunnel ${number}`);
  await ann.isTicked('in the tunnel 5', 'Sending');
  await ownBrowser.close();

  const again = ann.at(await ownBrowser.open({ baseURL: line.url }));
  await again.page.goto('/');
  await again.openChat('Ben Baker');
  await again.isTicked('in the tunnel 1', 'Sending');
  await ben.openChat('Ann Archer');
  await ben.sees('before the tunnel');
  await expect(ben.message('in the tunnel')).toHaveCount(0);
  line.mend();

  await again.isTicked('in the tunnel 5', 'Read');
  await again.send('out of the tunnel');
  await ben.sees('out of the tunnel');
  const expected = [1, 2, 3, 4, 5].map((number) => `in the tunnel ${number}`);
  for (const person of [again, ben]) expect(await person.shownOf(/in the tunnel \d/)).toEqual(expected);
});

test('OUT6 what waits goes out while no page is open, in order, exactly once', async ({ join, line }) => {
  const [ben, ann] = [await join('Ben Baker'), await join('Ann Archer', { baseURL: line.url })];
  const context = ann.page.context();
  await ann.openNewChatWith('Ben Baker');
  await ann.send('before the tunnel');
  await ann.isTicked('before the tunnel', 'Delivered');
  await ann.worksOffline();
  const sync = await syncOf(await context.newPage(), line.url);
  line.cut();
  await expect(ann.waitsForNetwork).toBeVisible();
  for (const number of [1, 2, 3]) await ann.send(`in the tunnel ${number}`);
  await ann.isTicked('in the tunnel 3', 'Sending');
  await ann.page.close();
  line.mend();
  await sync('outbox');

  await ben.openChat('Ann Archer');
  await ben.sees('in the tunnel 3');
  const again = ann.at(await context.newPage());
  await again.page.goto('/');
  await again.openChat('Ben Baker');
  await again.isTicked('in the tunnel 3', 'Read');
  await again.send('out of the tunnel');
  await ben.sees('out of the tunnel');
  const expected = [1, 2, 3].map((number) => `in the tunnel ${number}`);
  for (const person of [again, ben]) expect(await person.shownOf(/in the tunnel \d/)).toEqual(expected);
});

test('OUT4 what waited for a day is shown as failed, and can be sent again, copied or deleted @phone', async ({
  join,
  line,
}) => {
  const [ben, ann] = [await join('Ben Baker'), await join('Ann Archer', { baseURL: line.url })];
  await ann.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await ann.page.clock.install();
  await ann.page.reload();
  await ann.openNewChatWith('Ben Baker');
  await ann.send('good morning');
  await ann.isTicked('good morning', 'Delivered');
  line.cut();
  await expect(ann.waitsForNetwork).toBeVisible();
  await ann.send('lunch today?');
  await ann.send('forget it');
  await ann.page.clock.fastForward('24:01:00');
  line.mend();
  const [lunch, forget] = [ann.message('lunch today?'), ann.message('forget it')];
  await ann.isTicked('lunch today?', 'Failed');
  await expect(lunch).toContainText('it waited for a day');
  await lunch.getByRole('button', { name: 'Copy' }).click();
  await expect.poll(() => ann.page.evaluate(() => navigator.clipboard.readText())).toBe('lunch today?');
  await forget.getByRole('button', { name: 'Delete' }).click();
  await expect(forget).toHaveCount(0);
  await lunch.getByRole('button', { name: 'Retry' }).click();
  await ann.isTicked('lunch today?', 'Delivered');
  await ben.openChat('Ann Archer');
  await ben.sees('lunch today?');
  await expect(ben.message('forget it')).toHaveCount(0);
});

test('signing out asks first when messages would be lost', async ({ join, line }) => {
  const [ben, ann] = [await join('Ben Baker'), await join('Ann Archer', { baseURL: line.url })];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('first');
  await ann.isTicked('first', 'Delivered');
  await ann.worksOffline();
  line.cut();
  await expect(ann.waitsForNetwork).toBeVisible();
  await ann.send('on its way');
  await ann.openSettings();
  await ann.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  const question = ann.page.getByRole('alertdialog', { name: 'Sign out now?' });
  await expect(question).toContainText('One message has not been sent yet');
  await question.getByRole('button', { name: 'Cancel' }).click();
  line.mend();
  await ben.openChat('Ann Archer');
  await ben.sees('on its way');
  await expect(ann.waitsForNetwork).toBeHidden();
  await ann.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(ann.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

/** Tells the browser that the network is back for what waits under a tag, as it would find out by itself in its own time. */
async function syncOf(page: Page, origin: string): Promise<(tag: string) => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL.startsWith(origin));
      if (ours) resolve(ours.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  const registrationId = await registered;
  return async (tag) => {
    await devtools.send('ServiceWorker.dispatchSyncEvent', {
      ...{ origin, registrationId, tag },
      lastChance: false,
    });
  };
}
