import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './world.ts';

/** A seed takes a twentieth of a second; one that takes this long goes round in circles. */
const stuckMs = 60_000;

export type SeedsOptions = {
  readonly seeds: Iterable<number>;
  readonly workers?: number;
  /** Stops early when so many have failed. */
  readonly maxFailures?: number;
  readonly onOutcome?: (outcome: Outcome) => void;
};

/** Runs seeds on all cores; answers those that broke a rule, ascending. */
export async function runSeeds({
  seeds,
  workers = availableParallelism(),
  maxFailures = 20,
  onOutcome,
}: SeedsOptions): Promise<Outcome[]> {
  const waiting = seeds[Symbol.iterator]();
  const failures: Outcome[] = [];
  const next = (): number | null => {
    const { done, value } = waiting.next();
    return done || failures.length >= maxFailures ? null : value;
  };
  const take = (outcome: Outcome) => {
    onOutcome?.(outcome);
    if (outcome.violations.length > 0) failures.push(outcome);
  };
  await Promise.all(Array.from({ length: workers }, () => workThrough(next, take)));
  return failures.sort((a, b) => a.seed - b.seed);
}

/** One worker after another, until no seed is left: one that breaks is replaced. */
async function workThrough(next: () => number | null, take: (outcome: Outcome) => void): Promise<void> {
  let worker = startWorker();
  for (let seed = next(); seed !== null; seed = next()) {
    const outcome = await runOn(worker, seed);
    take(outcome);
    if (outcome.hash !== '') continue;
    await worker.terminate();
    worker = startWorker();
  }
  await worker.terminate();
}

const startWorker = (): Worker => new Worker(new URL('./seed-worker.ts', import.meta.url));

function runOn(worker: Worker, seed: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const broken = (what: string) => settle({ seed, hash: '', violations: [{ rule: 'crash', what }] });
    const timer = setTimeout(() => broken(`it has not ended after ${stuckMs} ms`), stuckMs);
    const failed = (error: Error) => broken(`${error.stack}`);
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      worker.off('message', settle).off('error', failed);
      resolve(outcome);
    };
    worker.on('message', settle).on('error', failed);
    worker.postMessage(seed);
  });
}

export function* range(first: number, count: number): Generator<number> {
  for (let seed = first; seed < first + count; seed += 1) yield seed;
}

/** For people: what broke, and how to see it again. */
export function report(failures: readonly Outcome[]): string {
  const lines = failures.map(({ seed, violations }) => {
    const shown = violations.slice(0, 8).map(({ rule, what }) => `  ${rule}: ${what}`);
    const more = violations.length > shown.length ? [`  … and ${violations.length - shown.length} more`] : [];
    return [`seed ${seed} (again: npx node tests/simulation/run.ts ${seed})`, ...shown, ...more].join('\n');
  });
  return lines.join('\n');
}
