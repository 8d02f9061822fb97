import { readHandlerConfig } from '../config.ts';
import { runProcess } from './run-process.ts';

/** `npm run start:handler`: holds devices' sockets. Any number of them, behind a load balancer. */
runProcess({
  name: 'handler',
  read: readHandlerConfig,
  // Loaded only now: a wrong setting is told at once.
  start: async (config, logger) => (await import('./start-handler.ts')).startHandler(config, logger),
  *greet({ url }) {
    yield `The handler is ready: ${url}`;
  },
  drainMs: 20_000,
});
