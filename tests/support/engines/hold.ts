import { once } from 'node:events';
import { findEngines } from './find.ts';

/**
 * `node tests/support/engines/hold.ts`: engines for several runs of tests. Prints their addresses on one line, as `TEST_ENGINES` wants
 * them, and keeps the engines until its standard input ends. Where they can't be had, the line is empty.
 */
async function hold(): Promise<void> {
  // Ctrl-C reaches the whole group of processes: whoever started this one lets go of it when all is over.
  process.on('SIGINT', () => {});
  const found = await findEngines();
  if (!('engines' in found)) return console.log();
  console.log(JSON.stringify(found.engines));
  process.stdin.resume();
  await once(process.stdin, 'end');
  await found.stop();
}

await hold();
