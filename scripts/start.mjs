// `npm start`: makes what is missing or out of date, then becomes the server. Arguments go to the server.
import { buildWeb } from './build.mjs';
import { generate } from './generate.mjs';
import { findNode, main, run } from './node.mjs';

main(async () => {
  await generate();
  await buildWeb();
  return run(findNode(), ['apps/server/src/main.ts', ...process.argv.slice(2)]);
});
