// `npm run check`: everything that can be said about the code without running it. All of it runs, even after a failure.
import { existsSync } from 'node:fs';
import { generate } from './generate.mjs';
import { findNode, main, run } from './node.mjs';

const cruiser = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs';
const projects = [
  'packages/api',
  'packages/redis',
  'packages/bus',
  'packages/db',
  'packages/client',
  'apps/server',
  'apps/web',
  '.',
];

main(async () => {
  await generate();
  const node = findNode();
  const failed = [];
  for (const [name, command, args, cwd] of [
    ['lint and format (npm run format mends most)', 'biome', ['check', '--error-on-warnings', '.']],
    ['types of the web app’s routes', 'next', ['typegen'], 'apps/web'],
    ...projects.map((project) => [
      `types of ${project}`,
      node,
      ['node_modules/typescript/bin/tsc', '-p', project],
    ]),
    [
      'arrows',
      node,
      [
        '--import',
        './scripts/typescript-6.mjs',
        cruiser,
        ...cruised(),
        '--config',
        '.dependency-cruiser.mjs',
      ],
    ],
    ['dead code', 'knip', ['--no-config-hints']],
    ['paths named in documents', node, ['scripts/check-paths.mjs']],
  ]) {
    const code = await run(command, args, { quiet: true, cwd });
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}`);
    if (code !== 0) failed.push(name);
  }
  return failed.length === 0 ? 0 : 1;
});

function cruised() {
  return ['apps', 'packages', 'tests', 'bench', 'examples'].filter((folder) => existsSync(folder));
}
