import { readGroupHandlerConfig } from '../config.ts';
import { runProcess } from './run-process.ts';

/** `npm run start:group-handler`: brings what is sent to groups to their members. Any number of them share the groups. */
runProcess({
  name: 'group-handler',
  read: readGroupHandlerConfig,
  // Loaded only now: a wrong setting is told at once.
  start: async (config, logger) =>
    (await import('./start-group-handler.ts')).startGroupHandler(config, logger),
  *greet({ url }) {
    yield `The group-handler is ready: ${url}`;
  },
  drainMs: 20_000,
});
