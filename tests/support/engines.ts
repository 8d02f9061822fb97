import type { TestProject } from 'vitest/node';
import { type Engines, nowhere, type RunningEngines } from './engines/addresses.ts';
import { startInDocker, whyNotInDocker } from './engines/docker.ts';
import { startNatively, whyNotNatively } from './engines/native.ts';

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
  const notNatively = await whyNotNatively();
  if (notNatively === null) return startNatively(process.env.TEST_ENGINES_DIR);
  const notInDocker = await whyNotInDocker();
  if (notInDocker === null) return startInDocker();
  const reasons = `${notNatively}\n  ${notInDocker}`;
  console.warn(`\n\n  THE CLUSTER TESTS ARE SKIPPED: the engines can't be started here.\n  ${reasons}\n`);
  project.config.testNamePattern = noTest;
  return { engines: nowhere, stop: async () => {} };
}

const noTest = /(?!)/;
