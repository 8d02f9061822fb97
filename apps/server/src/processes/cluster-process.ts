import { systemClock as clock, secureId } from '@tidings/api/clock';
import type { AssetConfig, ClusterConfig, HandlerConfig, ListenConfig, PeopleConfig } from '../config.ts';
import { type Faces, makeFront } from '../edge/front.ts';
import { Readiness } from '../http/readiness.ts';
import { addReadings, makeRegistry, type Reading } from '../metrics/registry.ts';
import { cacheReadings, serverReadings } from '../metrics/server-metrics.ts';
import { Opened } from '../opened.ts';
import { type Cluster, openCluster } from '../profiles/cluster.ts';
import type { EngineName } from '../profiles/cluster-engines.ts';
import type { CacheUse } from '../services/cache-use.ts';
import type { Logger } from '../services/parts.ts';
import type { Started } from './run-process.ts';

/** What one kind of process does that the others don't. */
export type Role = {
  readonly handlesGroups: boolean;
  /** Without these it isn't ready. */
  readonly needs: readonly EngineName[];
  /** What it shows at its port, besides the probes. */
  readonly show: (cluster: Cluster) => Promise<Shown>;
};

export type Shown = {
  readonly faces: Faces;
  readonly readings?: readonly Reading[];
  readonly caches?: Readonly<Record<string, CacheUse>>;
};

/** Who gives no links has neither a secret for them nor limits. */
type Config = ListenConfig &
  ClusterConfig &
  Partial<PeopleConfig & AssetConfig & Pick<HandlerConfig, 'assetLinkSecret' | 'signUp'>>;

/** A process of the cluster on its engines, taking requests. When it throws, it has left nothing open. */
export function startClusterProcess(config: Config, logger: Logger, role: Role): Promise<Started> {
  const opened = new Opened();
  return opened.or(async () => {
    const registry = makeRegistry();
    const { handlesGroups } = role;
    const { assets: limits = { largest: 0, quota: 0 }, assetLinkSecret: linkSecret = secureId() } = config;
    const assets = { ...limits, linkSecret };
    const cluster = await openCluster({ ...config, assets, handlesGroups, registry, logger, clock });
    opened.add(() => cluster.stop());

    const { faces, readings = [], caches = {} } = await role.show(cluster);
    addReadings(registry, serverReadings(cluster.watched));
    addReadings(registry, cacheReadings({ ...cluster.watched.caches, ...caches }));
    addReadings(registry, readings);

    const needs = Object.fromEntries(role.needs.map((engine) => [engine, cluster.pings[engine]]));
    const readiness = new Readiness(clock, needs);
    const front = makeFront({ config, logger, registry, readiness }, faces);
    await front.listen();
    opened.add(() => cluster.drain());
    opened.add(() => front.drain());
    return { url: front.url(), stop: () => opened.close() };
  });
}
