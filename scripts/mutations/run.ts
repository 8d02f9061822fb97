// `npm run mutations`: breaks the code in one place at a time, in a copy, and shows that the simulation notices.
// `npm run mutations -- 1000` gives each up to that many seeds; `-- 1000 sealed` only those whose names contain the word.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { type Mutation, mutations } from './list.ts';

const root = join(import.meta.dirname, '../..');
/** What a simulation consists of. */
const copied = ['packages', 'apps/server', 'tests/simulation', 'tests/invariants', 'package.json'];
const defaultSeeds = 2_000;

/** Ended with the run, also where something that is not a simulation's word ends it. */
const running = new Set<ChildProcess>();

type Caught = { readonly seed: number; readonly rules: readonly string[] } | null;

const [seeds = String(defaultSeeds), word = ''] = process.argv.slice(2);
const chosen = mutations.filter(({ name }) => name.includes(word));
process.exitCode = await main(chosen, Number(seeds));

async function main(list: readonly Mutation[], seeds: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-mutations-'));
  const results = new Map<Mutation, Caught>();
  const waiting = [...list];
  try {
    await Promise.all(
      Array.from({ length: availableParallelism() }, async (_, index) => {
        const copy = join(folder, String(index));
        makeCopy(copy);
        for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
          const caught = await withMutation(copy, mutation, () => simulate(copy, seeds));
          results.set(mutation, caught);
          console.log(lineOf(mutation, caught));
        }
      }),
    );
  } finally {
    for (const child of running) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
  const survivors = list.filter((mutation) => !results.get(mutation));
  console.log(`\n${list.length - survivors.length} of ${list.length} mutations caught within ${seeds} seeds`);
  return survivors.length > 0 ? 1 : 0;
}

/** Sources are copied, what they depend on is linked: the workspace's own packages to their copies. */
function makeCopy(copy: string): void {
  for (const path of copied) {
    cpSync(join(root, path), join(copy, path), {
      recursive: true,
      filter: (source) => basename(source) !== 'node_modules',
    });
  }
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@tidings'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@tidings') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const path of ['packages/api', 'packages/bus', 'packages/client', 'packages/db', 'apps/server'])
    symlinkSync(join(copy, path), join(modules, '@tidings', basename(path)));
}

async function withMutation<T>(
  copy: string,
  { name, file, find, replace }: Mutation,
  work: () => Promise<T>,
): Promise<T> {
  const path = join(copy, file);
  const sound = readFileSync(path, 'utf8');
  if (sound.split(find).length !== 2)
    throw new Error(`“${name}” doesn't apply to ${relative(root, join(root, file))} any more`);
  writeFileSync(
    path,
    sound.replace(find, () => replace),
  );
  try {
    return await work();
  } finally {
    writeFileSync(path, sound);
  }
}

/** The first seed that breaks a rule, if one does. */
async function simulate(copy: string, seeds: number): Promise<Caught> {
  const program = join(copy, 'tests/simulation/run.ts');
  const output = await outputOf([program, `1..${seeds}`, '--until-one-fails'], dirname(copy));
  const seed = /^seed (\d+)/m.exec(output)?.[1];
  if (seed !== undefined) {
    const rules = [...output.matchAll(/^ {2}([A-Za-z]+\d*):/gm)].map(([, rule]) => rule as string);
    return { seed: Number(seed), rules: [...new Set(rules)] };
  }
  if (!/\d+ seeds in/.test(output)) throw new Error(`the simulation did not run:\n${output.slice(-2_000)}`);
  return null;
}

function outputOf(command: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...command], { cwd });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.once('error', reject).once('close', () => {
      running.delete(child);
      resolve(output);
    });
  });
}

function lineOf({ name, rule }: Mutation, caught: Caught): string {
  const verdict = caught ? `seed ${String(caught.seed).padStart(4)}  ${caught.rules.join(' ')}` : 'SURVIVED';
  return `${rule.padEnd(6)} ${name.padEnd(52)} ${verdict}`;
}
