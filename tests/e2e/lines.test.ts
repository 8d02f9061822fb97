import { expect, test } from './support/fixtures.ts';
import { haveAll, messageOf, sendNumbered } from './support/numbered.ts';

test('SEND1 SEND2 a server that is killed and comes back in the middle of sends loses and doubles nothing', async ({
  join,
  server,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('message 00');
  await ben.openChat('Ann Archer');
  await ben.sees('message 00');
  const sending = sendNumbered(ann, { from: 1, to: 20 });
  await ann.isTicked('message 05', 'Read');
  await server.end('SIGKILL');
  await sending;
  await ann.isTicked('message 20', 'Sending');
  await expect(ann.waitsForNetwork).toBeVisible();
  await server.startAgain();
  await ann.isTicked('message 20', 'Read');
  await haveAll([ann, ben], 20);
});

test('a line that breaks again and again delivers all, in order, once', async ({ join, line }) => {
  const [ben, ann] = [await join('Ben Baker'), await join('Ann Archer', { baseURL: line.url })];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('message 00');
  await ben.openChat('Ann Archer');
  await ben.sees('message 00');
  for (let number = 1; number <= 15; number += 1) {
    await ann.send(messageOf(number));
    if (number % 3 === 0) line.breakOff();
  }
  await ann.isTicked('message 15', 'Read');
  await haveAll([ann, ben], 15);
});

test('a slow line takes its time, and loses nothing', async ({ join, line }) => {
  const [ben, ann] = [await join('Ben Baker'), await join('Ann Archer', { baseURL: line.url })];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('message 00');
  await ann.isTicked('message 00', 'Delivered');
  line.slowDown({ delayMs: 400, bytesPerSecond: 4_000 });
  await sendNumbered(ann, { from: 1, to: 6 });
  await ben.openChat('Ann Archer');
  await ann.isTicked('message 06', 'Read');
  await ben.send('heard you');
  await ann.sees('heard you');
  await expect(ann.waitsForNetwork).toBeHidden();
  await haveAll([ann, ben], 6);
});

test('a half-open line is noticed and mended', async ({ join, line }) => {
  const [ben, ann] = [await join('Ben Baker'), await join('Ann Archer', { baseURL: line.url })];
  await ann.page.clock.install();
  await ann.page.reload();
  await ann.openNewChatWith('Ben Baker');
  await ann.send('message 00');
  await ann.isTicked('message 00', 'Delivered');
  line.fallSilent();
  await ann.send('message 01');
  await ben.openChat('Ann Archer');
  await ben.send('are you there?');
  await ann.isTicked('message 01', 'Sending');
  // The quiet of two pings, and the wait for an answer to the second.
  for (let round = 0; round < 3; round += 1) await ann.page.clock.runFor(15_000);
  await ann.sees('are you there?');
  await ann.isTicked('message 01', 'Read');
  await haveAll([ann, ben], 1);
});

test('no network is said at once, and gone when it is back', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('first');
  await ann.page.context().setOffline(true);
  await expect(ann.waitsForNetwork).toBeVisible();
  await ben.openChat('Ann Archer');
  await ben.send('while you were away');
  await ann.page.context().setOffline(false);
  await ann.sees('while you were away');
  await expect(ann.waitsForNetwork).toBeHidden();
});

test('a clock that is wrong by a day changes nothing', async ({ join }) => {
  const ben = await join('Ben Baker');
  const ann = await join('Ann Archer');
  await ann.page.addInitScript(() => {
    const real = Date.now;
    const day = 24 * 3_600_000;
    const RealDate = Date;
    // biome-ignore lint/suspicious/noGlobalAssign: the page's own clock is what is wrong
    Date = new Proxy(RealDate, {
      construct: (target, args) =>
        args.length === 0 ? new target(real() + day) : Reflect.construct(target, args),
      get: (target, name) => (name === 'now' ? () => real() + day : Reflect.get(target, name)),
    });
  });
  await ann.page.reload();
  await ann.openNewChatWith('Ben Baker');
  await ann.send('from tomorrow');
  await ann.isTicked('from tomorrow', 'Delivered');
  await ben.openChat('Ann Archer');
  await ben.send('from today');
  await ann.sees('from today');
  await ann.send('still in order');
  expect(await ann.shownOf(/from tomorrow|from today|still in order/)).toEqual([
    'from tomorrow',
    'from today',
    'still in order',
  ]);
});
