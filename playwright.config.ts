import { defineConfig, devices } from '@playwright/test';
import { isRoot, systemChromium } from './scripts/chromium.mjs';
import { filesForClusterOnly, ignored } from './tests/e2e/support/profiles.ts';

// Each test starts the server that it needs, in one process, through a fixture in tests/e2e. The same tests on the cluster profile:
// playwright.cluster.config.ts.
const executablePath = systemChromium();

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.test.ts',
  testIgnore: ignored(filesForClusterOnly),
  outputDir: 'test-results/e2e',
  // Generous, for small machines that do other things too: what passes is over long before.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  // A flaky test is a bug of the first priority (CONTRIBUTING.md): one that passes at its second try is named as flaky.
  retries: process.env.CI ? 1 : 0,
  workers: 2,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    actionTimeout: 30_000,
    // Its pictures would cost a third of a test's time on machines without a graphics card.
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      args: isRoot ? ['--no-sandbox'] : [],
      ...(executablePath ? { executablePath } : {}),
    },
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1440, height: 900 } } },
    {
      name: 'phone',
      use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } },
      // On the phone, what differs there; everything else runs once.
      grep: /@phone/,
    },
  ],
});
