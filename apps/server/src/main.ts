import { readConfig } from './config.ts';
import { demoPassword } from './demo/password.ts';
import { runProcess } from './processes/run-process.ts';

/** `node apps/server/src/main.ts [--demo]`: everything in one process. Settings come from the environment (see `config.ts`). */
runProcess({
  name: 'embedded',
  read: readConfig,
  // Loaded only now: a wrong setting is told at once.
  start: async (config, logger) => (await import('./start.ts')).startServer(config, logger),
  *greet({ url, invitation }, { demo }) {
    yield `Tidings is ready: ${url}`;
    if (invitation)
      yield `Nobody has an account yet. The first one is made here: ${url}/sign-up?invite=${invitation}`;
    if (demo) yield `To look around, sign in as anna or as ben; the password of both is ${demoPassword}`;
  },
  drainMs: 10_000,
});
