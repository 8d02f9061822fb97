import { readFile } from 'node:fs/promises';
import { chooseAttach, newest, paintedPictures, pick, sendFiles } from './support/attaching.ts';
import { expect, test } from './support/fixtures.ts';
import { film, photo, textFile } from './support/media-files.ts';
import type { Person } from './support/person.ts';

async function twoInAChat(join: (name: string) => Promise<Person>): Promise<[Person, Person]> {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('hello');
  await ben.openChat('Ann Archer');
  await ben.sees('hello');
  return [ann, ben];
}

test('a photo with a caption arrives, is seen large, and the list says what it is @phone', async ({
  join,
}) => {
  const [ann, ben] = await twoInAChat(join);
  await sendFiles(ann, 'Photos and videos', [await photo('lake.jpg', 200)], 'The lake this morning');
  await ann.isTicked('The lake this morning', 'Read');
  const message = ben.message('The lake this morning');
  await expect.poll(() => paintedPictures(message)).toBe(1);
  await expect(message.getByRole('img', { name: 'Photo' })).toBeVisible();

  await message.getByRole('button', { name: 'Open photo' }).click();
  const viewer = ben.page.getByRole('dialog', { name: 'Photos and videos' });
  await expect(viewer.getByRole('img', { name: 'Photo' })).toBeVisible();
  await expect(viewer.getByText('The lake this morning')).toBeVisible();
  const download = ben.page.waitForEvent('download');
  await viewer.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toMatch(/^tidings-image-.+\.(webp|jpg)$/);
  await ben.page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);

  await sendFiles(ann, 'Photos and videos', [await photo('wood.jpg', 120)]);
  await expect.poll(() => paintedPictures(newest(ben))).toBe(1);
  await ben.page.goto('/');
  await expect(ben.chat('Ann Archer')).toContainText('Photo');
});

test('an album is one message, and the arrow keys lead through it and on to the next', async ({ join }) => {
  const [ann, ben] = await twoInAChat(join);
  await sendFiles(ann, 'Photos and videos', [await photo('first.jpg', 10)], 'before');
  const dialog = await pick(ann, 'Photos and videos', [
    await photo('a.jpg', 40),
    await photo('b.jpg', 90, 900, 1_600),
    await photo('c.jpg', 180),
    await photo('d.jpg', 260),
    await photo('gone.jpg', 300),
    await photo('e.jpg', 330),
  ]);
  await expect(dialog.getByRole('list', { name: 'Files to send' }).getByRole('listitem')).toHaveCount(6);
  await dialog.getByRole('button', { name: 'Remove gone.jpg' }).click();
  await dialog.getByRole('textbox', { name: 'Caption' }).fill('five of them');
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();

  const album = ben.message('five of them');
  await expect.poll(() => paintedPictures(album)).toBe(4);
  await expect(album.getByRole('button', { name: 'Open 2 more' })).toBeVisible();
  await album.getByRole('button', { name: 'Open photo 1 of 5' }).click();
  const viewer = ben.page.getByRole('dialog', { name: 'Photos and videos' });
  await expect(viewer.getByRole('img', { name: 'Photo' })).toBeVisible();
  for (const _ of [2, 3, 4, 5]) {
    await expect(viewer.getByRole('button', { name: 'Next' })).toBeVisible();
    await ben.page.keyboard.press('ArrowRight');
  }
  await expect(viewer.getByRole('button', { name: 'Next' })).toHaveCount(0);
  for (const _ of [4, 3, 2, 1, 0]) {
    await expect(viewer.getByRole('button', { name: 'Previous' })).toBeVisible();
    await ben.page.keyboard.press('ArrowLeft');
  }
  await expect(viewer.getByText('before', { exact: true })).toBeVisible();
  await ben.page.keyboard.press('+');
  await viewer.getByRole('button', { name: 'Show in chat' }).click();
  await expect(viewer).toHaveCount(0);
  await ben.sees('before');
});

test('who stands at the end of a chat with photos stands there when the window gets another width', async ({
  join,
}) => {
  const [ann, ben] = await twoInAChat(join);
  for (const [at, name] of ['one', 'two', 'three'].entries())
    await sendFiles(ann, 'Photos and videos', [await photo(`${name}.jpg`, at * 90)], name);
  await ben.sees('three');
  await expect.poll(() => paintedPictures(ben.message('three'))).toBe(1);
  const below = () =>
    ben.page.getByRole('log').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
  await expect.poll(below).toBeLessThanOrEqual(1);
  for (const width of [390, 1_300, 700]) {
    await ben.page.setViewportSize({ width, height: 720 });
    await expect.poll(below).toBeLessThanOrEqual(1);
    await expect(ben.message('three').getByText('three')).toBeInViewport();
  }
});

test('a document keeps its name in any script, and its bytes', async ({ join }) => {
  const [ann, ben] = await twoInAChat(join);
  const text = 'Zeile 1\nСтрока 2\n三行目\n';
  await sendFiles(ann, 'Document', [textFile('Отчёт 報告書 تقرير.txt', text)]);
  const row = newest(ben);
  await expect(row).toContainText('Отчёт 報告書 تقرير.txt');
  const download = ben.page.waitForEvent('download');
  await row.getByRole('button', { name: 'Download Отчёт 報告書 تقرير.txt' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('Отчёт 報告書 تقرير.txt');
  expect(await readFile(await saved.path(), 'utf8')).toBe(text);
  await ben.page.goto('/');
  await expect(ben.chat('Ann Archer')).toContainText('Отчёт 報告書 تقرير.txt');
});

test('a file without a single byte arrives as what it is', async ({ join }) => {
  const [ann, ben] = await twoInAChat(join);
  await sendFiles(ann, 'Document', [textFile('empty.txt', '')]);
  const download = ben.page.waitForEvent('download');
  await newest(ben).getByRole('button', { name: 'Download empty.txt' }).click();
  expect(await readFile(await (await download).path())).toHaveLength(0);
});

test('a video plays, with its position and speed', async ({ join }) => {
  const [ann, ben] = await twoInAChat(join);
  await sendFiles(ann, 'Photos and videos', [await film(ann.page, 'waves.webm')], 'waves');
  const message = ben.message('waves');
  await message.getByRole('button', { name: 'Play video' }).click();
  const viewer = ben.page.getByRole('dialog', { name: 'Photos and videos' });
  await expect(viewer.getByRole('slider', { name: 'Position' })).toBeVisible();
  await expect
    .poll(() => viewer.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime))
    .toBeGreaterThan(0.3);
  await viewer.getByRole('button', { name: 'Speed 1×' }).click();
  await expect(viewer.getByRole('button', { name: 'Speed 1.5×' })).toBeVisible();
});

test('what could run doesn’t: it is downloaded, under its name, and nothing else', async ({ join }) => {
  const [ann, ben] = await twoInAChat(join);
  const script = 'window.ran = true; document.title = "ran"';
  await sendFiles(ann, 'Photos and videos', [
    textFile(
      'drawing.svg',
      `<svg xmlns="http://www.w3.org/2000/svg" onload='${script}'><script>${script}</script></svg>`,
      'image/svg+xml',
    ),
  ]);
  await sendFiles(ann, 'Document', [textFile('page.html', `<script>${script}</script>`, 'text/html')]);
  for (const name of ['drawing.svg', 'page.html']) {
    const message = ben.message(name);
    const pages = ben.page.context().pages().length;
    const download = ben.page.waitForEvent('download');
    await message.getByRole('button', { name: `Download ${name}` }).click();
    expect((await download).suggestedFilename()).toBe(name);
    expect(ben.page.context().pages()).toHaveLength(pages);
    await expect(message.getByRole('img', { name: 'Photo' })).toHaveCount(0);
  }
  for (const { page } of [ann, ben])
    expect(await page.evaluate(() => (window as unknown as { ran?: boolean }).ran)).toBeUndefined();
});

test('a place shows on the app’s own map and asks no one else @phone', async ({ join }) => {
  const [ann, ben] = await twoInAChat(join);
  const asked: string[] = [];
  for (const { page } of [ann, ben])
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
  await chooseAttach(ann, 'Place');
  const dialog = ann.page.getByRole('dialog', { name: 'Send a place' });
  await dialog.getByRole('textbox', { name: 'Coordinates' }).fill('48.20849, 16.37208');
  await dialog.getByRole('textbox', { name: /^Name of the place/ }).fill('St. Stephen’s');
  await dialog.getByRole('application', { name: 'Map' }).press('+');
  await expect(dialog.getByRole('textbox', { name: 'Coordinates' })).toHaveValue('48.20849, 16.37208');
  await dialog.getByRole('button', { name: 'Send place' }).click();
  const place = ben.message('St. Stephen’s');
  await expect(place.getByRole('img', { name: 'Map: St. Stephen’s' })).toBeVisible();
  await expect(place).toContainText('48.20849, 16.37208');
  await place.getByRole('button', { name: 'Open in…' }).click();
  await expect(ben.page.getByRole('menuitem', { name: 'OpenStreetMap' })).toBeVisible();
  const own = new URL(ben.page.url()).origin;
  expect(asked.filter((origin) => origin !== own && origin !== 'null')).toEqual([]);
});

test('the current position is asked for once, and only when wanted', async ({ join }) => {
  const ann = await join('Ann Archer', {
    permissions: ['geolocation'],
    geolocation: { latitude: 47.0707, longitude: 15.4395, accuracy: 12 },
  });
  await join('Ben Baker');
  await ann.openNewChatWith('Ben Baker');
  await chooseAttach(ann, 'Place');
  const dialog = ann.page.getByRole('dialog', { name: 'Send a place' });
  await dialog.getByRole('button', { name: 'Current position' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Coordinates' })).toHaveValue('47.07070, 15.43950');
  await dialog.getByRole('button', { name: 'Send place' }).click();
  await expect(newest(ann)).toContainText('47.07070, 15.43950');
});

test('a contact card opens a chat with the person', async ({ join }) => {
  const [ann, ben] = await twoInAChat(join);
  await join('Cleo Carter');
  await chooseAttach(ann, 'Contact');
  const dialog = ann.page.getByRole('dialog', { name: 'Send a contact' });
  await dialog.getByRole('searchbox', { name: 'Search people' }).fill('Cleo');
  await dialog.getByRole('option', { name: /^Cleo Carter/ }).click();
  await newest(ben).getByRole('button', { name: 'Message Cleo Carter' }).click();
  await expect(ben.page.getByRole('heading', { name: 'Cleo Carter' })).toBeVisible();
});

test('a forwarded photo arrives with its words and uploads nothing', async ({ join }) => {
  const [ann, ben] = await twoInAChat(join);
  const cleo = await join('Cleo Carter');
  await ben.openNewChatWith('Cleo Carter');
  await ben.send('wait for it');
  await ben.openChat('Ann Archer');
  await sendFiles(ann, 'Photos and videos', [await photo('boat.jpg', 30)], 'the boat');
  await expect.poll(() => paintedPictures(ben.message('the boat'))).toBe(1);
  const uploads: string[] = [];
  ben.page.on('request', (request) => {
    if (['PATCH', 'POST', 'PUT'].includes(request.method())) uploads.push(request.url());
  });
  await ben.chooseFromMenuOf('the boat', 'Forward');
  const dialog = ben.page.getByRole('dialog', { name: 'Forward to' });
  await dialog.getByRole('option', { name: /^Cleo Carter/ }).click();
  await dialog.getByRole('button', { name: 'Forward to 1 chat' }).click();
  await cleo.openChat('Ben Baker');
  await expect.poll(() => paintedPictures(cleo.message('the boat'))).toBe(1);
  await expect(cleo.message('the boat')).toContainText('Forwarded');
  expect(uploads).toEqual([]);
});

test('a caption is edited, a reply names the photo, deleting takes it away', async ({ join }) => {
  const [ann, ben] = await twoInAChat(join);
  await sendFiles(ann, 'Photos and videos', [await photo('cat.jpg', 20)], 'my dog');
  await ann.isTicked('my dog', 'Read');
  await ann.chooseFromMenuOf('my dog', 'Edit');
  await ann.composer.fill('my cat');
  await ann.page.getByRole('button', { name: 'Send', exact: true }).click();
  await ben.sees('my cat');
  await expect.poll(() => paintedPictures(ben.message('my cat'))).toBe(1);

  await ben.chooseFromMenuOf('my cat', 'Reply');
  await ben.send('lovely');
  await expect(ann.message('lovely')).toContainText('Photo: my cat');

  await ann.chooseFromMenuOf('lovely', 'Star');
  await ann.log.getByRole('article').filter({ hasText: 'my cat' }).first().hover();
  await ann.log
    .getByRole('article')
    .filter({ hasText: 'my cat' })
    .first()
    .getByRole('button', { name: 'Message menu' })
    .click();
  await ann.page.getByRole('menuitem', { name: 'Delete', exact: true }).click();
  await ann.page.getByRole('button', { name: 'Delete for everyone' }).click();
  await expect(ben.message('This message was deleted')).toBeVisible();
});

test('dropped and pasted files come into the same dialog, with the words that were typed', async ({
  join,
}) => {
  const [ann, ben] = await twoInAChat(join);
  await ann.composer.fill('from the clipboard');
  const { buffer } = await photo('shot.jpg', 220, 400, 300);
  const data = await ann.page.evaluateHandle(
    (bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], 'shot.jpg', { type: 'image/jpeg' }));
      return transfer;
    },
    [...buffer],
  );
  const heading = ann.log;
  await heading.dispatchEvent('dragenter', { dataTransfer: data });
  await expect(ann.page.getByText('Drop files here to send them')).toBeVisible();
  await heading.dispatchEvent('drop', { dataTransfer: data });
  const dialog = ann.page.getByRole('dialog', { name: /^Send/ });
  await expect(dialog.getByRole('textbox', { name: 'Caption' })).toHaveValue('from the clipboard');
  await expect(ann.page.getByText('Drop files here to send them')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(ann.composer).toHaveValue('');
  await expect.poll(() => paintedPictures(ben.message('from the clipboard'))).toBe(1);
});

test('the gallery holds what was sent, and leads to where that was', async ({ join }) => {
  const [ann, ben] = await twoInAChat(join);
  await sendFiles(
    ann,
    'Photos and videos',
    [await photo('one.jpg', 10), await photo('two.jpg', 120)],
    'a pair',
  );
  await sendFiles(ann, 'Document', [textFile('minutes.txt', 'we met')]);
  await ann.send('see https://example.org/tides');
  await ben.sees('see https://example.org/tides');
  await ben.page.getByRole('button', { name: 'Contact info' }).click();
  await ben.page.getByRole('button', { name: 'Media, links and documents' }).click();
  const panel = ben.page.getByRole('complementary', { name: 'Media, links and documents' });
  await expect(panel.getByRole('button', { name: /^Photo by Ann Archer/ })).toHaveCount(2);
  await panel.getByRole('tab', { name: 'Links' }).click();
  await expect(panel.getByRole('link', { name: /example\.org\/tides/ })).toBeVisible();
  await panel.getByRole('tab', { name: 'Documents' }).click();
  await expect(panel.getByText('minutes.txt')).toBeVisible();
  await panel.getByRole('tab', { name: 'Media' }).click();
  await panel
    .getByRole('button', { name: /^Photo by Ann Archer/ })
    .first()
    .click();
  await ben.page.getByRole('button', { name: 'Show in chat' }).click();
  await ben.sees('a pair');
});

test('who was removed keeps what came before, and gets nothing of what comes after', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.createGroup('Rowing', ['Ben Baker']);
  await sendFiles(ann, 'Photos and videos', [await photo('before.jpg', 60)], 'before you left');
  await ben.openChat('Rowing');
  await expect.poll(() => paintedPictures(ben.message('before you left'))).toBe(1);
  await ann.page.getByRole('button', { name: 'Group info' }).click();
  const member = ann.page
    .getByRole('list', { name: 'Members' })
    .getByRole('listitem')
    .filter({ hasText: 'Ben Baker' });
  await member.getByRole('button', { name: 'Member menu' }).click();
  await ann.page.getByRole('menuitem', { name: 'Remove' }).click();
  await ann.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(ben.page.getByText('You are no longer a member')).toBeVisible();
  await ann.page.getByRole('button', { name: 'Close' }).click();
  await sendFiles(ann, 'Photos and videos', [await photo('after.jpg', 160)], 'after you left');
  await ann.isTicked('after you left', 'Sent');
  await expect(ben.page.getByRole('button', { name: 'Attach' })).toHaveCount(0);
  await ben.page.reload();
  await expect.poll(() => paintedPictures(ben.message('before you left'))).toBe(1);
  await expect(ben.message('after you left')).toHaveCount(0);
});
