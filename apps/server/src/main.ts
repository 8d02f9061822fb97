import { type Config, readConfig } from './config.ts';
import { demoPassword } from './demo/password.ts';
import { makeLogger } from './log.ts';
import type { Server } from './start.ts';
import { StartupError } from './startup-error.ts';

/** What is under way gets this long to end. */
const drainMs = 10_000;
const signals = ['SIGTERM', 'SIGINT'] as const;

/** `node apps/server/src/main.ts [--demo]`: everything in one process. Settings come from the environment (see `config.ts`). */
async function main(): Promise<void> {
  // Whatever is made from here on is its owner's alone.
  process.umask(0o077);
  const config = readConfig();
  // Loaded only now: a wrong setting is told at once.
  const { startServer } = await import('./start.ts');
  const server = await startServer(config, makeLogger(config.logLevel));
  console.log([...greeting(server, config)].join('\n'));
  for (const signal of signals) process.once(signal, () => void end(server));
}

function* greeting({ url, invitation }: Server, { demo }: Config): Iterable<string> {
  yield `Tidings is ready: ${url}`;
  if (invitation)
    yield `Nobody has an account yet. The first one is made here: ${url}/sign-up?invite=${invitation}`;
  if (demo) yield `To look around, sign in as anna or as ben; the password of both is ${demoPassword}`;
}

async function end(server: Server): Promise<void> {
  setTimeout(() => process.exit(1), drainMs).unref();
  for (const signal of signals) process.once(signal, () => process.exit(1));
  await server.stop();
  process.exit(0);
}

main().catch((error) => {
  console.error(error instanceof StartupError ? error.message : error);
  process.exit(1);
});
