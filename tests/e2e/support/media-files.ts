import type { Page } from '@playwright/test';
import sharp from 'sharp';

/** A file as Playwright hands it to a page. */
export type Given = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

/** A photo with something in it, so that its bytes are its own. */
export async function photo(name: string, hue: number, width = 1_600, height = 1_200): Promise<Given> {
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g"><stop stop-color="hsl(${hue} 80% 60%)"/><stop offset="1" stop-color="hsl(${hue + 80} 70% 30%)"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/><circle cx="70%" cy="30%" r="12%" fill="white" opacity="0.7"/></svg>`;
  const buffer = await sharp(Buffer.from(picture)).jpeg({ quality: 82 }).toBuffer();
  return { name, mimeType: 'image/jpeg', buffer };
}

export const textFile = (name: string, text: string, mimeType = 'text/plain'): Given => ({
  name,
  mimeType,
  buffer: Buffer.from(text),
});

/** Two seconds of film, made by the browser itself: its encoder is the one that is there for sure. */
export async function film(page: Page, name: string): Promise<Given> {
  const base64 = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    let frame = 0;
    const paint = setInterval(() => {
      context.fillStyle = `hsl(${(frame * 9) % 360} 70% 50%)`;
      context.fillRect(0, 0, 320, 180);
      context.fillStyle = 'white';
      context.fillRect((frame * 5) % 320, 60, 60, 60);
      frame += 1;
    }, 40);
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm;codecs=vp8' });
    const chunks: Blob[] = [];
    recorder.addEventListener('dataavailable', ({ data }) => {
      chunks.push(data);
      if (chunks.length === 4) recorder.stop();
    });
    const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve));
    recorder.start(500);
    await ended;
    clearInterval(paint);
    const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
  return { name, mimeType: 'video/webm', buffer: Buffer.from(base64, 'base64') };
}

/** Pixels that nothing can shrink: a file of about `megabytes`. */
export function noise(name: string, megabytes: number): Given {
  const buffer = Buffer.alloc(megabytes * 1_000_000);
  let state = 1;
  for (let at = 0; at < buffer.length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    buffer.writeUInt32LE(state, at);
  }
  return { name, mimeType: 'application/octet-stream', buffer };
}
