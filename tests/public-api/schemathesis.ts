import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const requirements = join(import.meta.dirname, 'requirements.txt');
const cache = join(import.meta.dirname, '../../node_modules/.cache');

/** Python with what an environment of one's own needs: Debian has these apart. */
export const hasPython = (): boolean => spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0;

/** Where Schemathesis is, of the versions in `requirements.txt`: installed once for each change of that file. */
export async function provideSchemathesis(): Promise<string> {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const folder = join(cache, `schemathesis-${version}`);
  const program = join(folder, 'bin/schemathesis');
  const whole = join(folder, 'whole');
  if (existsSync(whole)) return program;
  // What an installation that broke off left is no beginning.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  await must('python3', ['-m', 'venv', folder]);
  await must(join(folder, 'bin/pip'), ['install', '--quiet', '--no-deps', '--requirement', requirements]);
  writeFileSync(whole, '');
  return program;
}

export type Ran = { readonly code: number | null; readonly output: string };

/** Runs a program to its end, and answers all that it said. */
export function ran(program: string, parameters: readonly string[], cwd?: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'], cwd });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

async function must(program: string, parameters: readonly string[]): Promise<void> {
  const { code, output } = await ran(program, parameters);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`);
}
