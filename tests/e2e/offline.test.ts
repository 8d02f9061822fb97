import { expect, test } from './support/fixtures.ts';

test('a server that is killed and comes back in the middle of sends loses and doubles nothing', async ({
  join,
  server,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('message 00');
  await ben.openChat('Ann Archer');
  const numbers = Array.from({ length: 30 }, (_, index) => String(index + 1).padStart(2, '0'));
  const killed = (async () => {
    await expect(ann.message('message 10')).toBeVisible();
    await server.end('SIGKILL');
  })();
  for (const number of numbers) await ann.send(`message ${number}`);
  await killed;
  await expect(ann.waitsForNetwork).toBeVisible();
  await server.startAgain();
  await ann.isTicked('message 30', 'Read');
  await ben.sees('message 30');
  await ben.log.press('Home').catch(() => {});
  const shown = await ben.shownOf(/message \d\d/);
  expect(new Set(shown).size).toBe(shown.length);
  expect(shown).toEqual([...shown].sort());
});

test('a half-open line is noticed, said, and mended', async ({ join }) => {
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

test('where the browser refuses to keep data, chat works online and says so', async ({ join }) => {
  const ben = await join('Ben Baker');
  const ann = await join('Ann Archer');
  await ann.page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', { get: () => undefined });
  });
  await ann.page.reload();
  await ann.isIn();
  await ann.openNewChatWith('Ben Baker');
  await ann.send('by word of mouth');
  await ann.isTicked('by word of mouth', 'Delivered');
  await ben.openChat('Ann Archer');
  await ben.sees('by word of mouth');
});
