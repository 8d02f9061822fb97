import type { Engines } from '../../support/engines/addresses.ts';
import { findEngines } from '../../support/engines/find.ts';
import { whyNoNginx } from './nginx.ts';

type Prepared =
  | { readonly engines: Engines; readonly whyNot: null }
  | { readonly engines: null; readonly whyNot: string };

const variable = 'E2E_ENGINES';

/**
 * Playwright's global set-up on the cluster profile: real engines, which its workers find with {@link preparedEngines}. Where they
 * can't be had, every test that needs them counts as skipped. Answers what ends them.
 */
export default async function prepareEngines(): Promise<() => Promise<void>> {
  const found = await find();
  if ('engines' in found) {
    tellWorkers({ engines: found.engines, whyNot: null });
    return found.stop;
  }
  console.warn(`\n\n  THE END-TO-END TESTS ON THE CLUSTER ARE SKIPPED:\n  ${found.whyNot}\n`);
  tellWorkers({ engines: null, whyNot: found.whyNot });
  return async () => {};
}

/** nginx comes with the engines where they can be installed. */
async function find(): ReturnType<typeof findEngines> {
  const found = await findEngines();
  const noNginx = whyNoNginx();
  if (noNginx === null || !('engines' in found)) return found;
  await found.stop();
  return { whyNot: noNginx };
}

/** Workers get the environment of the process that starts them. */
function tellWorkers(prepared: Prepared): void {
  process.env[variable] = JSON.stringify(prepared);
}

export const preparedEngines = (): Prepared =>
  JSON.parse(process.env[variable] ?? '{"engines":null,"whyNot":"nobody has prepared engines"}') as Prepared;
