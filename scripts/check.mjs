// `npm run check`: everything that can be said about the code without running it. All of it runs, even after a failure.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { generate } from './generate.mjs';
import { findNode, main, root, run } from './node.mjs';

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
    ...shellScripts(),
  ]) {
    const code = await run(command, args, { quiet: true, cwd });
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}`);
    if (code !== 0) failed.push(name);
  }
  return failed.length === 0 ? 0 : 1;
});

/** npm has no shellcheck that brings its program along, so it is used where the system has one. */
function shellScripts() {
  if (spawnSync('shellcheck', ['--version']).status !== 0) {
    console.log('skip shell scripts (shellcheck is not installed)');
    return [];
  }
  const { stdout } = spawnSync('git', ['ls-files', '*.sh', '.ci/run'], { cwd: root, encoding: 'utf8' });
  return [['shell scripts', 'shellcheck', stdout.trim().split('\n')]];
}

function cruised() {
  return ['apps', 'packages', 'tests', 'bench', 'examples'].filter((folder) => existsSync(folder));
}
