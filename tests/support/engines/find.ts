import type { Engines, RunningEngines } from './addresses.ts';
import { startInDocker, whyNotInDocker } from './docker.ts';
import { startNatively, whyNotNatively } from './native.ts';

/**
 * Real engines for a run of tests, or why they can't be had here:
 * - `TEST_ENGINES` holds the addresses of some that somebody else keeps running (`hold.ts`);
 * - `TEST_ENGINES_DIR` names the folder of some, for example that of `npm run cluster`: what doesn't run is started;
 * - without either they are made for this run, natively or in containers.
 *
 * @throws when they could be had, and don't start.
 */
export async function findEngines(): Promise<RunningEngines | { readonly whyNot: string }> {
  const held = process.env.TEST_ENGINES;
  if (held) return { engines: JSON.parse(held) as Engines, stop: async () => {} };
  const notNatively = await whyNotNatively();
  if (notNatively === null) return startNatively(process.env.TEST_ENGINES_DIR);
  const notInDocker = await whyNotInDocker();
  if (notInDocker === null) return startInDocker();
  return { whyNot: `${notNatively}\n  ${notInDocker}` };
}
