import type { Page } from '@playwright/test';
import type { Seq } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import type { Engine } from '@tidings/client/engine-port';
import type { LocalEntry, LocalStore } from '@tidings/client/local-store';
import type { Media, PrepareWish } from '../../../apps/web/src/media/port.ts';

/** What these tests use of what the app calls its client. */
type Client = {
  readonly engine: Engine;
  readonly media: Media;
  readonly store: LocalStore & {
    lines(...range: [...Parameters<LocalStore['entries']>]): Promise<readonly LocalEntry[]>;
  };
};

declare global {
  interface Window {
    /** Put here by {@link reachClient}. */
    client: Client;
    /** By {@link drawPhoto}, by name. */
    photos: Record<string, File>;
  }
}

/**
 * Makes `window.client` what the views of the page stand on. The app itself leaves no way in from outside, so it is taken from where React keeps
 * it: for tests of what no view shows yet, or no view could show.
 */
export async function reachClient(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    type Fiber = {
      memoizedProps?: { value?: Partial<Client> };
      child?: Fiber | null;
      sibling?: Fiber | null;
      stateNode?: { current?: Fiber };
    };
    const container = document.getElementById('__next') as unknown as Record<string, Fiber> | null;
    const key = Object.keys(container ?? {}).find((name) => name.startsWith('__reactContainer$'));
    const root = key && container?.[key]?.stateNode?.current;
    const open: Fiber[] = root ? [root] : [];
    for (let fiber = open.pop(); fiber; fiber = open.pop()) {
      const value = fiber.memoizedProps?.value;
      if (value?.media && value.engine) {
        window.client = value as Client;
        return true;
      }
      if (fiber.sibling) open.push(fiber.sibling);
      if (fiber.child) open.push(fiber.child);
    }
    return false;
  });
}

/** Makes a photo, as a camera might, under a name for {@link sendFiles}. */
export const drawPhoto = (
  page: Page,
  name: string,
  size: { readonly width: number; readonly height: number },
) =>
  page.evaluate(
    async ([name, { width, height }]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      for (let at = 0; at < 2_000; at += 1) {
        context.fillStyle = `hsl(${(at * 37) % 360} 60% ${30 + (at % 50)}%)`;
        context.fillRect((at * 797) % width, (at * 557) % height, width / 13, height / 17);
      }
      const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
      window.photos = { ...window.photos, [name]: new File([jpeg], `${name}.jpg`, { type: 'image/jpeg' }) };
    },
    [name, size] as const,
  );

/** A photo by its name, or a file of so many bytes: `0123456789` again and again. */
type Picked = string | { readonly name: string; readonly bytes: number };

/** Picks files and sends them as one message to the only chat, at once: they needn't be ready. */
export const sendFiles = (page: Page, picked: readonly Picked[], wish: PrepareWish = {}, text = '') =>
  page.evaluate(
    async ([picked, wish, text]) => {
      const { client, photos } = window;
      const [chat] = await client.store.conversations();
      const files = picked.map((of) =>
        typeof of === 'string'
          ? (photos[of] as File)
          : new File(
              [
                new Blob(
                  Array(of.bytes / 1_024 / 1_024).fill('0123456789'.repeat(104_858).slice(0, 1_024 * 1_024)),
                ),
              ],
              of.name,
            ),
      );
      const preparations = files.map((file) => client.media.prepare(file, wish));
      return client.media.send(chat?.conversationId as never, preparations, { text });
    },
    [picked, wish, text] as const,
  );

/** What waits to be sent, by its states. */
export const outbox = (page: Page): Promise<string[]> =>
  page.evaluate(async () => (await window.client.store.outbox()).map((item) => item.state.type));

/** What the `count`-th message with files in the only chat carries, once it is here. */
export async function received(page: Page, count: number): Promise<readonly MediaItem[]> {
  const items = await page.waitForFunction(async (wanted) => {
    const { store } = window.client;
    const [chat] = await store.conversations();
    if (!chat) return null;
    const rows = await store.lines(chat.conversationId, 0 as Seq, (2 ** 40) as Seq, 'oldest', 1_000);
    const carried = rows.flatMap(({ content }) => {
      const { items } = JSON.parse(content) as { items?: MediaItem[] };
      return items ? [items] : [];
    });
    return carried[wanted - 1] ?? null;
  }, count);
  return (await items.jsonValue()) as readonly MediaItem[];
}

export const fileState = (page: Page, { file }: MediaItem): Promise<string> =>
  page.evaluate((of) => window.client.media.file(of).get().type, file);

/** Fetches and opens a received file; the first characters of it. */
export const openedText = (page: Page, { file }: MediaItem, length: number): Promise<string> =>
  page.evaluate(
    async ([of, length]) => {
      const { client } = window;
      const [chat] = await client.store.conversations();
      const blob = await client.media.open(chat?.conversationId as never, of);
      return blob.slice(0, length).text();
    },
    [file, length] as const,
  );

/** Records a film of a moving picture with a tone, or the tone alone, under a name for {@link sendFiles}. */
export const record = (page: Page, name: string, what: 'film' | 'sound', seconds: number) =>
  page.evaluate(
    async ([name, what, seconds]) => {
      const audio = new AudioContext();
      const tone = audio.createOscillator();
      const loudness = audio.createGain();
      const out = audio.createMediaStreamDestination();
      tone.connect(loudness).connect(out);
      // Loud at first, then hardly to be heard.
      loudness.gain.setValueAtTime(0.8, audio.currentTime);
      loudness.gain.setValueAtTime(0.05, audio.currentTime + seconds / 2);
      tone.start();
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width: 640, height: 360 });
      const context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
      let frame = 0;
      const painting = setInterval(() => {
        frame += 1;
        context.fillStyle = `hsl(${frame * 7} 80% 50%)`;
        context.fillRect(0, 0, 640, 360);
      }, 40);
      const tracks = [
        ...(what === 'film' ? canvas.captureStream(25).getTracks() : []),
        ...out.stream.getTracks(),
      ];
      const mimeType = what === 'film' ? 'video/webm;codecs=vp8,opus' : 'audio/webm;codecs=opus';
      const recorder = new MediaRecorder(new MediaStream(tracks), { mimeType });
      const parts: Blob[] = [];
      recorder.ondataavailable = ({ data }) => parts.push(data);
      const ended = new Promise((resolve) => {
        recorder.onstop = resolve;
      });
      recorder.start(200);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
      recorder.stop();
      await ended;
      clearInterval(painting);
      await audio.close();
      window.photos = { ...window.photos, [name]: new File(parts, `${name}.webm`, { type: mimeType }) };
    },
    [name, what, seconds] as const,
  );
