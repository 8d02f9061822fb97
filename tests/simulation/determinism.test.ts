import { expect, test } from 'vitest';
import { range, runSeeds } from './run-seeds.ts';

const seeds = 12;

test('a seed gives the same history each time, whatever ran before it', async () => {
  const ascending = await hashesOf([...range(1, seeds)]);
  const descending = await hashesOf([...range(1, seeds)].reverse());
  expect(ascending.size).toBe(seeds);
  expect(Object.fromEntries(descending)).toEqual(Object.fromEntries(ascending));
  expect(new Set(ascending.values()).size).toBe(seeds);
});

async function hashesOf(order: readonly number[]): Promise<Map<number, string>> {
  const hashes = new Map<number, string>();
  await runSeeds({ seeds: order, onOutcome: ({ seed, hash }) => hashes.set(seed, hash) });
  return hashes;
}
