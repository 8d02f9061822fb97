// `npm run bench [-- [--profile cluster] workload…]`: makes what the workloads need, then runs those named, or all.
import { buildWeb } from './build.mjs';
import { provideChromium } from './chromium.mjs';
import { generate } from './generate.mjs';
import { findNode, main, run } from './node.mjs';

main(async () => {
  const asked = process.argv.slice(2);
  await generate();
  if (
    !asked.includes('cluster') &&
    (asked.length === 0 || ['page-load', 'media'].some((name) => asked.includes(name)))
  ) {
    await buildWeb();
    await provideChromium();
  }
  return run(findNode(), ['bench/run.ts', ...asked]);
});
