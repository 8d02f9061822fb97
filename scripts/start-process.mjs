// `npm run start:handler` and its kin: makes what is missing or out of date, then becomes that process of the cluster.
import { buildWeb } from './build.mjs';
import { generate } from './generate.mjs';
import { findNode, main, run, Sentence } from './node.mjs';

const files = {
  handler: 'apps/server/src/processes/handler.ts',
  'group-handler': 'apps/server/src/processes/group-handler.ts',
  web: 'apps/server/src/processes/web.ts',
  migrate: 'apps/server/src/migrate.ts',
};

main(async () => {
  const [name] = process.argv.slice(2);
  const file = files[name];
  if (!file) throw new Sentence(`There is no process “${name}”; there are ${Object.keys(files).join(', ')}.`);
  await generate();
  if (name === 'web') await buildWeb();
  return run(findNode(), [file]);
});
