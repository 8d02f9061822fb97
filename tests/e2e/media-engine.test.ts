import type { Page } from '@playwright/test';
import type { MediaItem } from '@tidings/api/media';
import { expect, test } from './support/fixtures.ts';
import {
  drawPhoto,
  fileState,
  openedText,
  outbox,
  reachClient,
  received,
  record,
  sendFiles,
} from './support/media.ts';
import { Person } from './support/person.ts';

const megabyte = 1024 * 1024;

test('ASSET1 ASSET9 a photo goes from one browser to the other: smaller, upright, and shown as what it is', async ({
  join,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('hello');
  await reachClient(ann.page);
  await drawPhoto(ann.page, 'photo', { width: 4_000, height: 3_000 });
  await sendFiles(ann.page, ['photo'], {}, 'from the lake');
  await expect.poll(() => outbox(ann.page)).toEqual([]);

  await reachClient(ben.page);
  const [item] = await received(ben.page, 1);
  expect(item).toMatchObject({ kind: 'image', mime: 'image/webp', width: 2_048, height: 1_536 });
  expect(item?.thumbhash).toMatch(/^[A-Za-z0-9+/=]{20,}$/);
  const shown = await ben.page.evaluate(async (photo) => {
    const { client } = window;
    const [chat] = await client.store.conversations();
    const blob = await client.media.open(chat?.conversationId as never, photo.file);
    const { width, height } = await createImageBitmap(blob);
    return { type: blob.type, size: blob.size, width, height };
  }, item as MediaItem);
  expect(shown).toEqual({ type: 'image/webp', size: item?.file.size, width: 2_048, height: 1_536 });
  await expect.poll(() => fileState(ben.page, item as MediaItem)).toBe('here');
});

test('ASSET7 ASSET10 a large file whose tab is closed in mid-upload goes on when it is opened again', async ({
  join,
  ownBrowser,
  line,
}) => {
  const ben = await join('Ben Baker');
  const page = await ownBrowser.open({ baseURL: line.url });
  const ann = new Person(page, 'Ann Archer');
  await ann.signUp();
  await ann.openNewChatWith('Ben Baker');
  await ann.send('hello');
  await reachClient(page);
  line.slowDown({ delayMs: 0, bytesPerSecond: 5 * megabyte });
  await sendFiles(page, [{ name: 'film.bin', bytes: 30 * megabyte }], { as: 'document' }, 'a big one');
  await page.evaluate(async () => {
    const { client } = window;
    const [chat] = await client.store.conversations();
    await client.engine.send(chat?.conversationId as never, { type: 'text', text: 'behind it' });
  });
  await progressBeyond(page, 8 * megabyte);
  // Closing takes its time, in which nothing more may go up.
  line.cut();
  await ownBrowser.close();
  line.mend();

  const uploadedAgain: number[] = [];
  const again = await ownBrowser.open({ baseURL: line.url });
  again.on('request', (request) => {
    if (request.method() === 'PATCH') uploadedAgain.push(Number(request.headers()['upload-offset']));
  });
  await again.goto('/');
  await reachClient(again);
  await expect.poll(() => outbox(again), { timeout: 60_000 }).toEqual([]);
  // Not from its beginning; how much was on the line when the browser went is the line's to know.
  expect(uploadedAgain[0]).toBeGreaterThan(0);
  await reachClient(ben.page);
  const [item] = await received(ben.page, 1);
  expect(item).toMatchObject({ kind: 'document', name: 'film.bin', file: { size: 30 * megabyte } });
  expect(await openedText(ben.page, item as MediaItem, 10)).toBe('0123456789');
  await expect(ben.page.getByText('behind it').last()).toBeAttached();
});

test('a film has a poster and plays while it comes, by ranges that the service worker decrypts', async ({
  join,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('hello');
  await reachClient(ann.page);
  await record(ann.page, 'film', 'film', 2);
  await record(ann.page, 'voice', 'sound', 2);
  await sendFiles(ann.page, ['film']);
  await sendFiles(ann.page, ['voice'], { as: 'voice' });
  await expect.poll(() => outbox(ann.page)).toEqual([]);

  await ben.page.evaluate(() => navigator.serviceWorker.ready);
  await reachClient(ben.page);
  const [film] = await received(ben.page, 1);
  expect(film).toMatchObject({ kind: 'video', mime: 'video/webm', width: 640, height: 360 });
  expect(film?.durationMs).toBeGreaterThan(1_000);
  expect(film?.poster).toBeDefined();
  const [voice] = await received(ben.page, 2);
  expect(voice).toMatchObject({ kind: 'voice', mime: 'audio/webm' });
  const levels = [...atob(voice?.waveform ?? '')].map((character) => character.charCodeAt(0));
  expect(levels).toHaveLength(64);
  // A tone and a silence, wherever the recording began.
  expect(Math.max(...levels)).toBeGreaterThan(5 * Math.min(...levels));

  const asked: string[] = [];
  ben.page.on('request', (request) => asked.push(request.url()));
  const played = await play(ben.page, film as MediaItem, 'video');
  expect(played).toMatchObject({ width: 640, height: 360, playsOn: true });
  expect(played.url).toMatch(/^\/media\//);
  expect(await play(ben.page, voice as MediaItem, 'audio')).toMatchObject({ playsOn: true });
  for (const url of asked) expect(url).not.toContain(film?.file.key);
  // Played is not kept: it wasn't asked for as a whole.
  expect(await fileState(ben.page, film as MediaItem)).toBe('absent');
});

/** Plays something for a moment, as the views do. */
const play = (page: Page, item: MediaItem, element: 'video' | 'audio') =>
  page.evaluate(
    async ([item, element]) => {
      const { client } = window;
      const [chat] = await client.store.conversations();
      const { url, release } = await client.media.stream(chat?.conversationId as never, item);
      const player = document.createElement(element) as HTMLVideoElement;
      Object.assign(player, { muted: true, src: url });
      document.body.append(player);
      const playsOn = await new Promise<boolean>((resolve) => {
        player.onerror = () => resolve(false);
        player.ontimeupdate = () => player.currentTime > 0.3 && resolve(true);
        player.play().catch(() => resolve(false));
      });
      const { videoWidth: width, videoHeight: height, error } = player;
      player.remove();
      release();
      return { url, playsOn, width, height, error: error?.message };
    },
    [item, element] as const,
  );

/** Waits until so many bytes of an upload are at the server or on the line. */
const progressBeyond = (page: Page, bytes: number) =>
  page.waitForFunction(async (wanted) => {
    const { client } = window;
    const [item] = await client.store.outbox();
    if (!item) return false;
    // Followed from now on: who asks once may ask before anything is known.
    const state = client.media.sending(item.clientId);
    return new Promise<boolean>((resolve) => {
      const look = () => {
        const now = state.get();
        if (now?.type === 'uploading' && now.sent > wanted) resolve(true);
      };
      state.subscribe(look);
      look();
    });
  }, bytes);
