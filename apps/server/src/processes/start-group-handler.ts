import type { GroupHandlerConfig } from '../config.ts';
import type { Logger } from '../services/parts.ts';
import { startClusterProcess } from './cluster-process.ts';
import type { Started } from './run-process.ts';

/** The consumer of the group log. It holds no sockets, and shows nothing but the probes. */
export const startGroupHandler = (config: GroupHandlerConfig, logger: Logger): Promise<Started> =>
  startClusterProcess(config, logger, {
    handlesGroups: true,
    needs: ['cassandra', 'kafka', 'mysql', 'redis'],
    show: async () => ({ faces: {} }),
  });
