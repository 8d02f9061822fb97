// Runs seeds by hand: `npx node tests/simulation/run.ts 123` one of them, `… 1..5000` many, `… 123 --trace` with all that happens,
// `… 1..5000 --until-one-fails` one after another.
import './small-caches.ts';
import { range, report, runSeeds } from './run-seeds.ts';

const traced = async (seed: number) => (await import('./world.ts')).runSeed(seed, console.log);

const [wanted = '1..2000', option] = process.argv.slice(2);
const [first = 1, last = first] = wanted.split('..').map(Number);
const startedAt = performance.now();
let hash = '';
let count = 0;
const onOutcome = (outcome: { readonly hash: string }) => {
  hash = outcome.hash;
  count += 1;
};
const one = option === '--until-one-fails' ? { workers: 1, maxFailures: 1 } : {};
const outcomes =
  option === '--trace'
    ? [await traced(first)]
    : await runSeeds({ seeds: range(first, last - first + 1), onOutcome, ...one });
const failures = outcomes.filter(({ violations }) => violations.length > 0);
console.log(report(failures));
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
console.log(
  `${count} seeds in ${seconds} s, ${failures.length} failed${last > first ? '' : `, hash ${hash}`}`,
);
process.exitCode = failures.length > 0 ? 1 : 0;
