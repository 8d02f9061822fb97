import type { TestProject } from 'vitest/node';
import { type Engines, nowhere } from './engines/addresses.ts';
import { findEngines } from './engines/find.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    engines: Engines;
  }
}

/**
 * Vitest's global set-up of the project `cluster`: real engines, which tests find with `inject('engines')`. Where they can't be
 * had, every test of the project counts as skipped.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const found = await findEngines();
  if ('engines' in found) {
    project.provide('engines', found.engines);
    return found.stop;
  }
  console.warn(
    `\n\n  THE CLUSTER TESTS ARE SKIPPED: the engines can't be started here.\n  ${found.whyNot}\n`,
  );
  project.config.testNamePattern = noTest;
  project.provide('engines', nowhere);
  return async () => {};
}

const noTest = /(?!)/;
