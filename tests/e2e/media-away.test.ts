import { newest, paintedPictures, pick, sendFiles } from './support/attaching.ts';
import { expect, test } from './support/fixtures.ts';
import { noise, photo, textFile } from './support/media-files.ts';

test('ASSET10 what is sent without a line waits, in order, and goes out when the line is back @phone', async ({
  join,
  line,
}) => {
  const [ann, ben] = [await join('Ann Archer', { baseURL: line.url }), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('line 0');
  await ben.openChat('Ann Archer');
  await ben.sees('line 0');
  // What makes pictures small comes with the first one.
  await sendFiles(ann, 'Photos and videos', [await photo('0.jpg', 0)], 'line 1');
  await ben.sees('line 1');
  line.cut();
  await expect(ann.waitsForNetwork).toBeVisible();
  await sendFiles(ann, 'Photos and videos', [await photo('2.jpg', 50)], 'line 2');
  await ann.send('line 3');
  await sendFiles(ann, 'Document', [textFile('4.txt', 'four')], 'line 4');
  await ann.send('line 5');
  await ann.isTicked('line 2', 'Sending');
  await expect(ann.message('line 2').getByRole('progressbar', { name: 'Waiting to be sent' })).toBeVisible();
  line.mend();
  await ann.isTicked('line 5', 'Read');
  const texts = ['line 0', 'line 1', 'line 2', 'line 3', 'line 4', 'line 5'];
  for (const person of [ann, ben]) expect(await person.shownOf(/line \d/)).toEqual(texts);
  await expect.poll(() => paintedPictures(ben.message('line 2'))).toBe(1);
});

test('a message whose files wait can be taken back; what stood behind it goes on', async ({ join, line }) => {
  const [ann, ben] = [await join('Ann Archer', { baseURL: line.url }), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('hello');
  await ben.openChat('Ann Archer');
  await ben.sees('hello');
  line.cut();
  await expect(ann.waitsForNetwork).toBeVisible();
  await sendFiles(ann, 'Document', [noise('large.bin', 3)], 'never mind');
  await ann.send('after it');
  await ann.message('never mind').getByRole('button', { name: 'Cancel sending' }).click();
  await expect(ann.message('never mind')).toHaveCount(0);
  line.mend();
  await ben.sees('after it');
  await expect(ben.message('never mind')).toHaveCount(0);
});

test('what was being sent when the page closed is there when it opens, and arrives', async ({
  join,
  line,
}) => {
  const [ann, ben] = [await join('Ann Archer', { baseURL: line.url }), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('hello');
  await ben.openChat('Ann Archer');
  await ann.worksOffline();
  line.cut();
  await expect(ann.waitsForNetwork).toBeVisible();
  await sendFiles(ann, 'Photos and videos', [await photo('kept.jpg', 75)], 'kept');
  await ann.isTicked('kept', 'Sending');
  await ann.page.reload();
  await ann.isTicked('kept', 'Sending');
  line.mend();
  await ann.isTicked('kept', 'Read');
  await expect.poll(() => paintedPictures(ben.message('kept'))).toBe(1);
});

test('a picture that this browser can’t read is refused with the reason, the others go', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  const broken = {
    name: 'broken.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from('\xff\xd8\xffnot a photo', 'latin1'),
  };
  const dialog = await pick(ann, 'Photos and videos', [broken, await photo('whole.jpg', 140)]);
  await expect(dialog.getByRole('alert')).toContainText('damaged');
  await expect(dialog.getByRole('status')).toContainText('One file can’t be sent');
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await ben.openChat('Ann Archer');
  await expect.poll(() => paintedPictures(newest(ben))).toBe(1);
  await expect(newest(ben).getByRole('button', { name: 'Open photo', exact: true })).toBeVisible();
});
