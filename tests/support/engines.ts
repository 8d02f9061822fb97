import type { TestProject } from 'vitest/node';
import { type Engines, nowhere } from './engines/addresses.ts';
import { type RunningEngines, startNatively, whyNotNatively } from './engines/native.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    engines: Engines;
  }
}

/**
 * Vitest's global set-up of the project `cluster`: real engines, which tests find with `inject('engines')`.
 *
 * `TEST_ENGINES_DIR` names the folder of engines to use, for example that of `npm run cluster`; without it they are made for
 * this run. Where they can't be had, every test of the project counts as skipped.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { engines, stop } = await start(project);
  project.provide('engines', engines);
  return stop;
}

async function start(project: TestProject): Promise<RunningEngines> {
  const reason = await whyNotNatively();
  if (reason === null) return startNatively(process.env.TEST_ENGINES_DIR);
  console.warn(`\n\n  THE CLUSTER TESTS ARE SKIPPED: the engines can't be started here.\n  ${reason}\n`);
  project.config.testNamePattern = noTest;
  return { engines: nowhere, stop: async () => {} };
}

const noTest = /(?!)/;
