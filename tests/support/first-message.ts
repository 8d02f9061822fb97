import type { BrowserContext, Page } from '@playwright/test';

/** What a page of this app may load before its first message is painted: compressed JavaScript, in bytes. */
export const scriptBudgetBytes = 200 * 1024;

export type FirstMessage = {
  /** From the address to the first frame with a message in it. */
  readonly paintedMs: number;
  /** Of the scripts that were asked for until then, as they came over the wire. */
  readonly scriptBytes: number;
};

/** To be called before the page is opened: its pages note when their first message is painted. */
export async function noteFirstMessage(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const look = (): void => {
      if (!document.querySelector('[role=log] article')) return void requestAnimationFrame(look);
      // The frame after the one in which it was there is the one in which it was painted.
      requestAnimationFrame(() => Object.assign(window, { paintedMs: performance.now() }));
    };
    requestAnimationFrame(look);
  });
}

/** Waits for the first message of the page that is open. */
export async function firstMessage(page: Page): Promise<FirstMessage> {
  const painted = await page.waitForFunction(
    () => (window as unknown as { paintedMs?: number }).paintedMs,
    undefined,
    { timeout: 60_000 },
  );
  const paintedMs = (await painted.jsonValue()) as number;
  const scriptBytes = await page.evaluate(
    (until) =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => entry.startTime < until && new URL(entry.name).pathname.endsWith('.js'))
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
    paintedMs,
  );
  return { paintedMs, scriptBytes };
}
