import { type Clock, type Running, secureId } from '@tidings/api/clock';
import { handlerId } from '@tidings/api/ids';
import type { Registry } from 'prom-client';
import type { ClusterConfig } from '../config.ts';
import { type AssetOptions, createServer, type ServerOptions, type TidingsServer } from '../create-server.ts';
import { EngineWatch } from '../metrics/engine-watch.ts';
import { measureGroups } from '../metrics/group-metrics.ts';
import { Opened } from '../opened.ts';
import type { Logger } from '../services/parts.ts';
import { type Engines, openEngines } from './cluster-engines.ts';

export type ClusterOptions = ClusterConfig & {
  readonly operators?: readonly string[];
  readonly signUp?: ServerOptions['signUp'];
  /** This process is a group message handler. */
  readonly handlesGroups: boolean;
  readonly assets: AssetOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Gets the metrics of the engines. */
  readonly registry: Registry;
};

/** One process of many, with its ways to the engines. */
export type Cluster = TidingsServer &
  Running &
  Pick<Engines, 'directory' | 'limiter' | 'pings'> & { readonly pictures: Engines['ports']['pictures'] };

/** Throws StartupError when an engine can't be reached, or lacks what `migrate.ts` makes. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { clock, logger, registry, retention, handlesGroups, assets, operators = [] } = options;
  const opened = new Opened();
  return opened.or(async () => {
    const watch = new EngineWatch({ clock, logger, registry });
    const engines = await openEngines(options.engines, { clock, watch, registry });
    opened.add(() => engines.stop());
    const ports = { ...engines.ports, clock, logger, random: Math.random, makeId: secureId };
    const id = options.handlerId ?? handlerId(secureId());
    const server = await createServer(ports, {
      handlerId: id,
      retention,
      shared: true,
      handlesGroups,
      ...{ assets, operators, signUp: options.signUp ?? 'invite' },
      onGroupDelivered: measureGroups(registry),
    });
    opened.add(() => server.stop());
    const { directory, limiter, pings } = engines;
    return {
      ...server,
      ...{ directory, limiter, pings, pictures: engines.ports.pictures },
      async drain() {
        await server.drain();
        await engines.drain();
      },
      stop: () => opened.close(),
    };
  });
}
