import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';
import type { Profile } from './tests/e2e/support/fixtures.ts';
import {
  filesForOneProcessOnly,
  ignored,
  testsForOneProcessOnly,
  titled,
} from './tests/e2e/support/profiles.ts';

// The same tests with many processes on real engines, which are started before the first test (tests/e2e/support/engines.ts).
export default defineConfig<object, { profile: Profile }>({
  ...base,
  outputDir: 'test-results/e2e-cluster',
  globalSetup: './tests/e2e/support/engines.ts',
  testIgnore: ignored(filesForOneProcessOnly),
  grepInvert: titled(testsForOneProcessOnly),
  projects: [{ name: 'cluster', use: { viewport: { width: 1440, height: 900 }, profile: 'cluster' } }],
});
