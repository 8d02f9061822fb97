// `npm run test:e2e:cluster`: the end-to-end tests on the cluster profile. Arguments go to Playwright.
import { buildWeb } from './build.mjs';
import { provideChromium } from './chromium.mjs';
import { generate } from './generate.mjs';
import { main, run } from './node.mjs';

main(async () => {
  await generate();
  await provideChromium();
  await buildWeb();
  return run('playwright', ['test', '--config', 'playwright.cluster.config.ts', ...process.argv.slice(2)]);
});
