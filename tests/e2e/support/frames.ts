import type { Page } from '@playwright/test';

/** Where the lines stood in one painted frame, by their keys: the lower edges of those on the screen, in pixels. */
export type Frame = Readonly<Record<string, number>>;

/** Writes down each painted frame of the messages from now on; the answer ends it and gives them. */
export async function recordFrames(page: Page): Promise<() => Promise<readonly Frame[]>> {
  const stop = await page.evaluateHandle(() => {
    const log = document.querySelector('[role=log]') as HTMLElement;
    const frames: Record<string, number>[] = [];
    let request = 0;
    // A message that is posted in a frame's callback arrives when the frame was painted.
    const painted = new MessageChannel();
    painted.port1.onmessage = () => {
      const pane = log.getBoundingClientRect();
      const frame: Record<string, number> = {};
      for (const line of log.querySelectorAll<HTMLElement>('[data-line]')) {
        const box = line.getBoundingClientRect();
        if (box.bottom > pane.top && box.top < pane.bottom) frame[line.dataset.line ?? ''] = box.bottom;
      }
      frames.push(frame);
    };
    const next = () => {
      painted.port2.postMessage(null);
      request = requestAnimationFrame(next);
    };
    next();
    return () => {
      cancelAnimationFrame(request);
      return frames;
    };
  });
  return () => stop.evaluate((end) => end());
}

/** How far the lines went from one frame to the next, and how much they disagree about it. */
export function movements(
  frames: readonly Frame[],
): readonly { readonly by: number; readonly spread: number }[] {
  return frames.slice(1).flatMap((frame, index) => {
    const before = frames[index] as Frame;
    const steps = Object.keys(frame)
      .filter((key) => key in before)
      .map((key) => (frame[key] as number) - (before[key] as number));
    if (steps.length === 0) return [];
    return [{ by: steps[0] as number, spread: Math.max(...steps) - Math.min(...steps) }];
  });
}

/** Waits until the lines stood still for so many frames: what was going on has come to its end. */
export function stillness(page: Page, frames = 15): Promise<void> {
  return page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        let still = 0;
        let before = '';
        const look = () => {
          const lines = [...document.querySelectorAll<HTMLElement>('[role=log] [data-line]')];
          const now = lines
            .map((line) => `${line.dataset.line} ${line.getBoundingClientRect().bottom}`)
            .join();
          still = now === before ? still + 1 : 0;
          before = now;
          if (still >= wanted) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
    frames,
  );
}

/** One frame. */
export const frame = (page: Page): Promise<number> => page.evaluate(() => new Promise(requestAnimationFrame));
