import { expect, test } from 'vitest';
import { openSeeds } from './open-seeds.ts';
import { range, report, runSeeds } from './run-seeds.ts';

/** `SEED=123` runs one; `SEEDS=50000` many, `FIRST_SEED=2001` others than every time. */
const only = process.env.SEED ? Number(process.env.SEED) : null;
const first = only ?? Number(process.env.FIRST_SEED ?? 1);
const count = only === null ? Number(process.env.SEEDS ?? 2_000) : 1;
const millisecondsEach = 1_000;

test(`INV1–INV8, INV11 hold over ${count} storms`, {
  timeout: 60_000 + count * millisecondsEach,
}, async () => {
  const isOpen = (seed: number) => only === null && openSeeds.some((open) => open.seed === seed);
  const seeds = [...range(first, count)].filter((seed) => !isOpen(seed));
  const failures = await runSeeds({ seeds });
  expect(failures, report(failures)).toEqual([]);
});

test.fails.each(openSeeds)('$shows (seed $seed, not understood yet)', async ({ seed }) => {
  expect(await runSeeds({ seeds: [seed] })).toEqual([]);
});
