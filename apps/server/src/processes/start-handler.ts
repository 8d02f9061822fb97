import { systemClock as clock } from '@tidings/api/clock';
import type { HandlerConfig } from '../config.ts';
import { makeEntrance } from '../edge/entrance.ts';
import { makeSockets } from '../edge/sockets.ts';
import { socketReadings } from '../metrics/server-metrics.ts';
import type { Logger } from '../services/parts.ts';
import { startClusterProcess } from './cluster-process.ts';
import type { Started } from './run-process.ts';

/** Devices' sockets and every service that they call. */
export const startHandler = (config: HandlerConfig, logger: Logger): Promise<Started> =>
  startClusterProcess(config, logger, {
    handlesGroups: false,
    // Without Kafka groups get their messages later, by redelivery.
    needs: ['cassandra', 'mysql', 'redis'],
    async show(cluster) {
      const parts = { ...cluster, config, secret: config.sessionSecret, logger, clock };
      const entrance = makeEntrance({ ...parts, shared: true });
      const sockets = makeSockets(parts, entrance);
      return {
        faces: { sockets },
        readings: socketReadings(sockets),
        caches: { sessions: entrance.sessions.cacheUse },
      };
    },
  });
