import { expect, test } from 'vitest';
import { range, report, runSeeds } from './run-seeds.ts';

/** `SEED=123` runs one; `SEEDS=50000` many, `FIRST_SEED=2001` others than every time. */
const only = process.env.SEED ? Number(process.env.SEED) : null;
const first = only ?? Number(process.env.FIRST_SEED ?? 1);
const count = only === null ? Number(process.env.SEEDS ?? 2_000) : 1;
const millisecondsEach = 1_000;

test(`INV1–INV8, INV11 and MARK4 hold over ${count} storms`, {
  timeout: 60_000 + count * millisecondsEach,
}, async () => {
  const failures = await runSeeds({ seeds: range(first, count) });
  expect(failures, report(failures)).toEqual([]);
});
