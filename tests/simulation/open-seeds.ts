/**
 * Storms that show something which is not understood yet. Each is a bug to be found: `simulation.test.ts` says so as long as it is
 * there, and fails when it no longer shows, so that it is pinned (`pinned.test.ts`) and leaves this list.
 */
export const openSeeds: readonly { readonly seed: number; readonly shows: string }[] = [
  { seed: 1237, shows: 'INV6 two devices of a user disagree on what is read in a group' },
];
