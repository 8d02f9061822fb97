// `npm run nemesis -- [--minutes 60] [--seed 123]`: the long form of the nemesis on the cluster's processes.
import { generate } from './generate.mjs';
import { findNode, main, run } from './node.mjs';

main(async () => {
  await generate();
  return run(findNode(), ['tests/nemesis/cluster/run.ts', ...process.argv.slice(2)]);
});
