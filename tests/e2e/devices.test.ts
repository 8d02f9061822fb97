import { expect, test } from './support/fixtures.ts';

test('several tabs share one connection, and live on when the one that holds it closes', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  const sockets: string[] = [];
  ann.page.context().on('page', (page) => page.on('websocket', (socket) => sockets.push(socket.url())));
  await ann.openNewChatWith('Ben Baker');
  await ann.send('from the first tab');
  const second = await ann.inAnotherTab();
  await second.openChat('Ben Baker');
  await second.send('from the second tab');
  await second.isTicked('from the second tab', 'Delivered');
  await ann.sees('from the second tab');
  expect(sockets.filter((url) => url.includes('/api/socket'))).toEqual([]);
  await ann.page.close();
  await ben.openChat('Ann Archer');
  await ben.send('are you still there?');
  await second.sees('are you still there?');
  await second.send('yes');
  await ben.sees('yes');
});

test('two devices of a user stay in step: history, read marks, drafts', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ben.openNewChatWith('Ann Archer');
  await ben.send('one for each device');
  const laptop = await ann.onAnotherDevice();
  await expect(laptop.chat('Ben Baker').getByText('1 unread')).toBeAttached();
  await ann.openChat('Ben Baker');
  await expect(laptop.chat('Ben Baker').getByText(/unread/)).toHaveCount(0);
  await laptop.openChat('Ben Baker');
  await laptop.sees('one for each device');
  await laptop.send('from the laptop');
  await ann.sees('from the laptop');
  await ann.isTicked('from the laptop', 'Read');
  await ann.composer.fill('begun on the phone');
  await ann.page.getByRole('button', { name: 'Settings' }).click();
  await expect(laptop.composer).toHaveValue('begun on the phone');
});

test('SESS1 a device that is signed out from another is out within moments', async ({ join }) => {
  const ann = await join('Ann Archer');
  const stolen = await ann.onAnotherDevice();
  await ann.openSettings();
  await ann.page.getByRole('button', { name: 'End all other sessions' }).click();
  await ann.page.getByRole('alertdialog').getByRole('button', { name: 'End sessions' }).click();
  await expect(stolen.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});
