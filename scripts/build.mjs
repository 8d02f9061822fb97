// `npm run build`: the web app as plain files in apps/web/out, which the server serves.
import { pathToFileURL } from 'node:url';
import { makeIfChanged } from './fingerprint.mjs';
import { generate } from './generate.mjs';
import { main, must } from './node.mjs';

/** Builds the web app unless what is there was built from the same sources. */
export async function buildWeb() {
  await makeIfChanged({
    name: 'web',
    inputs: ['apps/web', 'packages/api', 'packages/client', 'package-lock.json', 'tsconfig.base.json'],
    output: 'apps/web/out/index.html',
    make: async () => {
      console.log('Building the web app, about half a minute the first time …');
      await must('Building the web app', 'turbo', ['run', 'build', '--output-logs=errors-only'], {
        quiet: true,
      });
    },
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(async () => {
    await generate();
    await buildWeb();
  });
}
