import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { reachClient } from './support/media.ts';

test('ASSET1 a photo goes from one browser to the other, smaller and without its metadata', async ({ join }) => {
  const ann = await join('Ann Archer');
  const ben = await join('Ben Baker');
  test.setTimeout(70_000);
  ann.page.on('console', (m) => console.log('C', m.text()));
  ann.page.on('pageerror', (m) => console.log('E', m));
  ann.page.on('worker', (w) => console.log('W', w.url()));
  ann.page.on('response', (r) => r.status() >= 400 && console.log('R', r.status(), r.url()));
  await ann.openNewChatWith('Ben Baker');
  await ann.send('hello');
  await reachClient(ann.page);
  const sent = await ann.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(4_000, 3_000);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    for (let at = 0; at < 2_000; at += 1) {
      context.fillStyle = `hsl(${(at * 37) % 360} 60% 50%)`;
      context.fillRect((at * 797) % 4_000, (at * 557) % 3_000, 300, 200);
    }
    const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
    const { client } = window;
    const [chat] = await client.store.conversations();
    const began = performance.now();
    const preparation = client.media.prepare(new File([jpeg], 'IMG_1.jpg', { type: 'image/jpeg' }), {});
    const state = await new Promise((resolve) => {
      const look = () => preparation.state.get().type !== 'working' && resolve(preparation.state.get());
      preparation.state.subscribe(look);
      look();
    });
    const ms = performance.now() - began;
    const id = await client.media.send(chat.conversationId, [preparation], { text: 'a photo' });
    return { state, ms, id, original: jpeg.size };
  });
  console.log(sent);
  await expect.poll(() => ann.page.evaluate(async () => (await window.client.store.outbox()).length)).toBe(0);
});
