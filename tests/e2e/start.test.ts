import { firstMessage, noteFirstMessage, scriptBudgetBytes } from '../support/first-message.ts';
import { expect, test } from './support/fixtures.ts';

test('a device that has nothing yet loads at most 200 KB of compressed JavaScript before its first message', async ({
  join,
  browser,
  server,
}) => {
  const [ann] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('the first');
  await ann.isTicked('the first', 'Delivered');
  const address = ann.page.url();

  const context = await browser.newContext({ baseURL: server.url });
  await context.addCookies(await ann.page.context().cookies());
  await noteFirstMessage(context);
  const page = await context.newPage();
  await page.goto(address);
  const { scriptBytes } = await firstMessage(page);
  expect(scriptBytes).toBeGreaterThan(50_000);
  expect(scriptBytes).toBeLessThanOrEqual(scriptBudgetBytes);
  await context.close();
});
