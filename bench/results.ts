import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

/** One figure: what it is, what it came to, what was hoped for and what bare `ws` reaches in the same run. */
export type Figure = {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** `atLeast` or `atMost` this is the goal; absent for figures that explain others. */
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
  /** The same figure of a server that does nothing but pass frames on with `ws`. */
  readonly bareWs?: number;
};

export type WorkloadResult = {
  readonly workload: string;
  readonly figures: readonly Figure[];
  readonly notes?: readonly string[];
};

/** Writes `bench/results/<workload>.json`, with the machine and the commit, and prints a table. */
export function report(result: WorkloadResult): void {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${result.workload}.json`);
  writeFileSync(file, `${JSON.stringify({ ...result, ...circumstances() }, null, 2)}\n`);
  console.log(`\n${result.workload}`);
  for (const figure of result.figures) console.log(`  ${line(figure)}`);
  for (const note of result.notes ?? []) console.log(`  · ${note}`);
}

function line(figure: Figure): string {
  const parts = [figure.name.padEnd(58), `${round(figure.value)} ${figure.unit}`.padEnd(24)];
  if (figure.goal)
    parts.push(
      'atLeast' in figure.goal ? `goal ≥ ${figure.goal.atLeast}` : `goal ≤ ${figure.goal.atMost}`,
      met(figure) ? '✓' : '✗ missed',
    );
  if (figure.bareWs !== undefined) parts.push(`(bare ws ${round(figure.bareWs)})`);
  return parts.join(' ');
}

function met({ value, goal }: Figure): boolean {
  if (!goal) return true;
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}

const round = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);

function circumstances(): object {
  const git = (...parameters: string[]): string =>
    execFileSync('git', parameters, { encoding: 'utf8', cwd: import.meta.dirname }).trim();
  return {
    at: new Date().toISOString(),
    commit: git('rev-parse', '--short', 'HEAD'),
    changed: git('status', '--porcelain', '--untracked-files=no') !== '',
    machine: {
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      kernel: release(),
      node: process.version,
    },
  };
}
