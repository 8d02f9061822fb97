import type { Page } from '@playwright/test';
import type { ConversationId, Seq } from '@tidings/api/ids';
import { expect, test } from './support/fixtures.ts';
import { Talker } from './support/talker.ts';

const [chats, messages] = [10, 1_000];
const texts = [
  'the very first',
  ...Array.from({ length: messages - 2 }, (_, at) => `word ${at}`),
  'the very last',
];

test('SYNC4 SYNC5 SYNC7 a device that was away for 10,000 messages shows what is looked at first, and goes on where it was cut off', async ({
  join,
  server,
  line,
}) => {
  test.slow();
  const ann = await join('Ann Archer', { baseURL: line.url });
  await using ben = await Talker.join(server.url, 'Ben Baker');
  const context = ann.page.context();
  await ann.page.close();
  const groups: { id: ConversationId; last: Seq }[] = [];
  for (let number = 1; number <= chats; number += 1) {
    const id = await ben.createGroup(groupOf(number), ann.username);
    groups.push({ id, last: await ben.say(id, texts) });
  }
  const delivered = async () => {
    const all = await Promise.all(groups.map(({ id, last }) => ben.isDelivered(id, last)));
    return all.filter((one) => one).length;
  };

  line.slowDown({ delayMs: 20, bytesPerSecond: 150_000 });
  const again = ann.at(await context.newPage());
  const asked = positionsAskedFor(again.page);
  await again.page.goto('/');
  await again.openChat(groupOf(chats));
  await again.sees('the very first');
  await again.page.getByRole('button', { name: /^Jump to the newest message/ }).click();
  await again.sees('the very last');
  expect(await delivered()).toBeLessThan(chats);
  await expect.poll(delivered).toBeGreaterThanOrEqual(chats / 4);
  line.cut();
  const [there, askedBefore] = [await delivered(), asked()];
  expect(there).toBeLessThan(chats);
  line.mend();
  line.slowDown({ delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY });
  await expect.poll(delivered).toBe(chats);
  expect(asked() - askedBefore).toBeLessThanOrEqual((chats - there) * (messages + 10));

  line.cut();
  await again.openChat(groupOf(1));
  await again.page.getByRole('button', { name: 'Group info' }).click();
  await again.page.getByRole('button', { name: 'Search in chat' }).click();
  await again.page.getByRole('searchbox', { name: 'Search in this chat' }).fill('very first');
  await again.page
    .getByRole('list', { name: 'Found messages' })
    .getByRole('button', { name: /the very first/ })
    .click();
  await expect(again.message('the very first')).toBeInViewport();
});

const groupOf = (number: number): string => `Group ${String(number).padStart(2, '0')}`;

/** How many positions of logs the page has asked the server for. */
function positionsAskedFor(page: Page): () => number {
  let count = 0;
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const ranges = /"path":"message\.read".*?"ranges":(\[.*?\])/s.exec(String(payload))?.[1];
      for (const { first, last } of JSON.parse(ranges ?? '[]') as { first: number; last: number }[])
        count += last - first + 1;
    }),
  );
  return () => count;
}
