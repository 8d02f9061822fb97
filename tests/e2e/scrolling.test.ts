import { expect, type Page, test } from '@playwright/test';
import { frame, movements, recordFrames, stillness } from './support/frames.ts';
import { openHarness } from './support/log-harness.ts';

/** What one reads may move by so many pixels when something around it changes. */
const driftPx = 2;
const messages = 100_000;

test.describe.configure({ timeout: 240_000 });

test('100,000 local messages scroll without a jump while older pages come in', async ({ page }) => {
  await openHarness(page);
  await page.evaluate((count) => window.harness.seed(count), messages);
  await show(page);
  const end = await recordFrames(page);
  await wheel(page, { by: -120, times: 250 });
  const steps = movements(await end());
  // Each line moves with all others, downwards only, and in all by what the wheel turned: nothing was lost or put right.
  expect(Math.max(...steps.map((step) => step.spread))).toBeLessThanOrEqual(driftPx);
  expect(Math.min(...steps.map((step) => step.by))).toBeGreaterThanOrEqual(-driftPx);
  expect(sum(steps.map((step) => step.by))).toBeCloseTo(120 * 250, -1);
});

test('a page that takes its time moves nothing when it comes', async ({ page }) => {
  await openHarness(page);
  await page.evaluate(async () => {
    await window.harness.seed(2_000);
    await window.harness.holdFrom(2_000, 1_900, 400);
  });
  await show(page);
  for (let round = 0; round < 4; round += 1) {
    const [asked, came] = [await loads(page), await pages(page)];
    while ((await loads(page)) === asked) await wheel(page, { by: -200, times: 1 });
    await frame(page);
    const end = await recordFrames(page);
    await expect.poll(() => pages(page)).toBeGreaterThan(came);
    await stillness(page);
    const steps = movements(await end());
    expect(Math.max(...steps.map((step) => Math.abs(step.by)))).toBeLessThanOrEqual(driftPx);
  }
});

test('what changes out of sight moves nothing', async ({ page }) => {
  await openHarness(page);
  await page.evaluate(() => window.harness.seed(2_000));
  await show(page);
  await wheel(page, { by: -200, times: 30 });
  const top = Number((await page.locator('[role=log] [data-seq]').first().getAttribute('data-seq')) ?? 0);
  const end = await recordFrames(page);
  await page.evaluate(async (at) => {
    await window.harness.append(2_001);
    await window.harness.edit(at, 'changed above '.repeat(60));
    await window.harness.edit(at - 40, 'changed far above '.repeat(60));
    await window.harness.append(2_002);
  }, top);
  await stillness(page);
  const steps = movements(await end());
  expect(Math.max(...steps.map((step) => Math.abs(step.by)))).toBeLessThanOrEqual(driftPx);
  await expect(page.getByRole('button', { name: /^Jump to the newest message/ })).toBeVisible();
});

test('who stands at the end stays there, who left comes back to the same line', async ({ page }) => {
  await openHarness(page);
  await page.evaluate(() => window.harness.seed(2_000));
  await show(page);
  await page.evaluate(() => window.harness.append(2_001));
  await expect(page.getByRole('article').filter({ hasText: 'new 2001' })).toBeInViewport();
  await page.setViewportSize({ width: 1_000, height: 420 });
  await expect(page.getByRole('article').filter({ hasText: 'new 2001' })).toBeInViewport();
  await page.setViewportSize({ width: 1_000, height: 800 });
  await wheel(page, { by: -200, times: 40 });
  const left = await topLine(page);
  await page.evaluate(() => window.harness.hide());
  await show(page);
  expect(await topLine(page)).toEqual(left);
});

async function show(page: Page): Promise<void> {
  await page.evaluate(() => window.harness.show());
  await page.locator('[role=log][data-placed]').waitFor();
  await stillness(page);
}

async function wheel(page: Page, { by, times }: { by: number; times: number }): Promise<void> {
  await page.mouse.move(500, 300);
  for (let turn = 0; turn < times; turn += 1) {
    await page.mouse.wheel(0, by);
    await frame(page);
  }
  await stillness(page, 5);
}

/** The uppermost line and where it stands, to a tenth of a pixel. */
const topLine = (page: Page): Promise<readonly [string | undefined, number]> =>
  page.evaluate(() => {
    const pane = (document.querySelector('[role=log]') as HTMLElement).getBoundingClientRect();
    const rows = [...document.querySelectorAll<HTMLElement>('[role=log] [data-seq]')];
    const top = rows.find((row) => row.getBoundingClientRect().bottom > pane.top + 1) as HTMLElement;
    return [top.dataset.seq, Math.round((top.getBoundingClientRect().top - pane.top) * 10) / 10] as const;
  });

const loads = (page: Page): Promise<number> =>
  page.evaluate(() => window.harness.asked.filter(([what]) => what === 'loadOlder').length);

const pages = (page: Page): Promise<number> => page.evaluate(() => window.harness.pages);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
