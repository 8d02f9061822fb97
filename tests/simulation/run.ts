// Runs seeds by hand: `npx node tests/simulation/run.ts 123` one of them, `… 1..5000` many, `… 123 --trace` with all that happens,
// `… 1..5000 --until-one-fails` one after another.
import './small-caches.ts';
import { range, report, runSeeds } from './run-seeds.ts';
import type { Outcome } from './world.ts';

const traced = async (seed: number) => (await import('./world.ts')).runSeed(seed, console.log);

const [wanted = '1..2000', option] = process.argv.slice(2);
const [first = 1, last = first] = wanted.split('..').map(Number);
const startedAt = performance.now();
let hash = '';
let count = 0;
let failed = 0;
const onOutcome = (outcome: Outcome) => {
  hash = outcome.hash;
  count += 1;
  // At once: a hunt is long.
  if (outcome.violations.length === 0) return;
  failed += 1;
  console.log(report([outcome]));
};
const one = option === '--until-one-fails' ? { workers: 1, maxFailures: 1 } : {};
if (option === '--trace') onOutcome(await traced(first));
else await runSeeds({ seeds: range(first, last - first + 1), onOutcome, ...one });
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
console.log(`${count} seeds in ${seconds} s, ${failed} failed${last > first ? '' : `, hash ${hash}`}`);
process.exitCode = failed > 0 ? 1 : 0;
