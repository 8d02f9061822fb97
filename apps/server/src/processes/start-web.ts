import { systemClock as clock } from '@tidings/api/clock';
import type { WebConfig } from '../config.ts';
import { makeEntrance } from '../edge/entrance.ts';
import { makeHttpApi } from '../edge/http-api.ts';
import { makePages } from '../edge/pages.ts';
import type { Logger } from '../services/parts.ts';
import { startClusterProcess } from './cluster-process.ts';
import type { Started } from './run-process.ts';

/** Pages, signing in, the procedures over plain HTTP, pictures and files. */
export const startWeb = (config: WebConfig, logger: Logger): Promise<Started> =>
  startClusterProcess(config, logger, {
    handlesGroups: false,
    needs: ['cassandra', 'mysql', 'redis'],
    async show(cluster) {
      const parts = { ...cluster, config, secret: config.sessionSecret, logger, clock };
      const entrance = makeEntrance({ ...parts, shared: true });
      return {
        faces: { api: makeHttpApi(parts, entrance), pages: await makePages(config, logger) },
        caches: { sessions: entrance.sessions.cacheUse },
      };
    },
  });
