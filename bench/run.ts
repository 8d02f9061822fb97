import { report, type WorkloadResult } from './results.ts';
import { cassandra } from './workloads/cassandra.ts';
import { catchingUp } from './workloads/catching-up.ts';
import { connections } from './workloads/connections.ts';
import { direct } from './workloads/direct.ts';
import { group } from './workloads/group.ts';
import { pageLoad } from './workloads/page-load.ts';
import { stores } from './workloads/stores.ts';

/**
 * `npm run bench [-- workload…]`: runs the workloads named, or all, one after the other. `cassandra` needs
 * `CASSANDRA=<host>:<port>` and is left out without.
 */
const workloads: Readonly<Record<string, () => Promise<WorkloadResult>>> = {
  direct,
  group,
  connections,
  'catching-up': catchingUp,
  'page-load': pageLoad,
  stores,
  ...(process.env.CASSANDRA && { cassandra: () => cassandra(process.env.CASSANDRA as string) }),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in workloads));
if (unknown !== undefined) {
  console.error(`There is no workload “${unknown}”; there are ${Object.keys(workloads).join(', ')}.`);
  process.exit(1);
}
for (const [name, run] of Object.entries(workloads)) {
  if (asked.length === 0 || asked.includes(name)) report(await run());
}
process.exit(0);
