// Engines of the cluster profile that several runs of tests use one after the other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findNode, root } from './node.mjs';

/**
 * Starts them where they can be had; `env` tells a run of tests where they are. Where it is empty the runs look for themselves, and
 * say what they find.
 */
export async function holdEngines() {
  const holder = spawn(findNode(), ['tests/support/engines/hold.ts'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'close');
  const lines = createInterface(holder.stdout);
  const [addresses = ''] = await Promise.race([once(lines, 'line'), ended.then(() => [])]);
  return {
    env: addresses === '' ? {} : { TEST_ENGINES: addresses },
    async release() {
      holder.stdin.end();
      await ended;
    },
  };
}
