import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { direct as clusterDirect } from './cluster/workloads/direct.ts';
import { group as clusterGroup } from './cluster/workloads/group.ts';
import { scaling } from './cluster/workloads/scaling.ts';
import { storm } from './cluster/workloads/storm.ts';
import { report, type WorkloadResult } from './results.ts';
import { assets } from './workloads/assets.ts';
import { cassandra } from './workloads/cassandra.ts';
import { catchingUp } from './workloads/catching-up.ts';
import { connections } from './workloads/connections.ts';
import { direct } from './workloads/direct.ts';
import { group } from './workloads/group.ts';
import { lastSeen } from './workloads/last-seen.ts';
import { media } from './workloads/media.ts';
import { pageLoad } from './workloads/page-load.ts';
import { stores } from './workloads/stores.ts';

type Workloads = Readonly<Record<string, () => Promise<WorkloadResult>>>;

/**
 * `npm run bench [-- [--profile cluster] workload…]`: runs the workloads named, or all of the profile, one after the other. `cassandra` needs
 * `CASSANDRA=<host>:<port>`, `last-seen` needs `REDIS=redis://<host>:<port>`, and each is left out without. The cluster's need the engines of `npm run cluster`, in `CLUSTER_DIR` or `.cluster`.
 */
const embedded: Workloads = {
  direct,
  group,
  connections,
  'catching-up': catchingUp,
  'page-load': pageLoad,
  media,
  stores,
  assets,
  ...(process.env.CASSANDRA && { cassandra: () => cassandra(process.env.CASSANDRA as string) }),
  ...(process.env.REDIS && { 'last-seen': () => lastSeen(process.env.REDIS as string) }),
};
const folder = process.env.CLUSTER_DIR ?? join(import.meta.dirname, '../.cluster');
const profiles: Readonly<Record<string, Workloads>> = {
  embedded,
  cluster: {
    direct: () => clusterDirect(folder),
    group: () => clusterGroup(folder),
    storm: () => storm(folder),
    scaling: () => scaling(folder),
  },
};

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: 'string', default: 'embedded' } },
});
const workloads = profiles[values.profile] ?? refuse('profile', values.profile, profiles);
for (const name of asked) if (!(name in workloads)) refuse('workload', name, workloads);
for (const [name, run] of Object.entries(workloads)) {
  if (asked.length === 0 || asked.includes(name)) report(await run());
}
process.exit(0);

function refuse(what: string, name: string, known: object): never {
  console.error(`There is no ${what} “${name}”; there are ${Object.keys(known).join(', ')}.`);
  process.exit(1);
}
