import { readWebConfig } from '../config.ts';
import { runProcess } from './run-process.ts';

/** `npm run start:web`: the web app, sign-in, the procedures over plain HTTP, and pictures. Any number of them, behind a load balancer. */
runProcess({
  name: 'web',
  read: readWebConfig,
  // Loaded only now: a wrong setting is told at once.
  start: async (config, logger) => (await import('./start-web.ts')).startWeb(config, logger),
  *greet({ url }) {
    yield `The web is ready: ${url}`;
  },
  drainMs: 20_000,
});
