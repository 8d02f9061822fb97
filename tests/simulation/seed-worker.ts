import './small-caches.ts';
import { parentPort } from 'node:worker_threads';

const { runSeed } = await import('./world.ts');

/** Runs the seeds that it is sent, one after another. What nobody caught belongs to the seed that was running. */
parentPort?.on('message', async (seed: number) => {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on('unhandledRejection', note);
  const outcome = await runSeed(seed).catch((error: unknown) => ({
    seed,
    hash: '',
    violations: [{ rule: 'crash', what: textOf(error) }],
  }));
  process.off('unhandledRejection', note);
  const unhandled = uncaught.map((error) => ({ rule: 'unhandled', what: textOf(error) }));
  parentPort?.postMessage({ ...outcome, violations: [...outcome.violations, ...unhandled] });
});

const textOf = (error: unknown): string => (error instanceof Error ? `${error.stack}` : String(error));
