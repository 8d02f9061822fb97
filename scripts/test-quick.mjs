// `npm run test:quick`: unit tests and contract suites. Arguments go to Vitest.
import { generate } from './generate.mjs';
import { main, run } from './node.mjs';

main(async () => {
  await generate();
  return run('vitest', ['run', '--project', 'unit', ...process.argv.slice(2)]);
});
