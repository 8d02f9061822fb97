import { firstPaint } from '@/engine/first-paint';

/** When chats or messages are painted and the browser has nothing better to do: for what isn't on the screen yet. */
export async function afterFirstPaint(): Promise<void> {
  await firstPaint.shown;
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 2_000 });
    else setTimeout(resolve, 500);
  });
}
