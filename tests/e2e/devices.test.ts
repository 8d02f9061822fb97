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

test('two devices of a user stay in step: history, read marks, drafts @cluster', async ({ join }) => {
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

test('SESS1 devices are listed, and one that is signed out from another is out within moments @cluster', async ({
  join,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ben.openNewChatWith('Ann Archer');
  await ben.send('for her eyes only');
  const [lost, stolen] = [await ann.onAnotherDevice(), await ann.onAnotherDevice()];
  await expect(lost.chat('Ben Baker')).toContainText('for her eyes only');
  await ann.openSettings();
  const devices = ann.page.getByRole('list', { name: 'Your devices' }).getByRole('listitem');
  await expect(devices).toHaveCount(3);
  await expect(devices.filter({ hasText: 'This device' })).toContainText('In use now');
  const other = devices.filter({ hasNotText: 'This device' }).first();
  await other.getByRole('button', { name: /^Menu for/ }).click();
  await ann.page.getByRole('menuitem', { name: 'End this session' }).click();
  await expect(devices).toHaveCount(2);
  const isOut = (person: typeof ann) => person.page.getByRole('button', { name: 'Sign in' }).isVisible();
  await expect.poll(async () => [await isOut(lost), await isOut(stolen)].filter(Boolean)).toHaveLength(1);
  await ann.page.getByRole('button', { name: 'End all other sessions' }).click();
  await ann.page.getByRole('alertdialog').getByRole('button', { name: 'End sessions' }).click();
  for (const device of [lost, stolen]) {
    await expect(device.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await device.page.goto('/');
    await expect(device.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await device.page.context().close();
  }
  await ann.openChat('Ben Baker');
  await ann.sees('for her eyes only');
});
