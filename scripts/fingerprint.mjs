// Whether something must be made again: a hash over its inputs, kept in .stamps/ once it has been made.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './node.mjs';

const stamps = join(root, '.stamps');
const skipped = new Set(['node_modules', '.next', 'out', 'generated', '.turbo', 'next-env.d.ts']);

/**
 * Runs `make` unless `output` exists and the inputs are as they were when it was last made.
 * @param {{ name: string, inputs: string[], output: string, make: () => Promise<void> }} step paths are relative to the root
 */
export async function makeIfChanged({ name, inputs, output, make }) {
  const stamp = join(stamps, name);
  const before = fingerprint(inputs);
  if (existsSync(join(root, output)) && readStamp(stamp) === before) return false;
  rmSync(stamp, { force: true });
  await make();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, before);
  return true;
}

function readStamp(stamp) {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

function fingerprint(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => files(join(root, input)))) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function files(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !skipped.has(name) && !/\.test\.tsx?$/.test(name))
    .sort()
    .flatMap((name) => files(join(path, name)));
}
