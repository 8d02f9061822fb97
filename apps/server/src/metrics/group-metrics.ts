import { Histogram, type Registry } from 'prom-client';

/** Takes how long each entry of a group waited between its log and its members' handlers: the group lag. */
export function measureGroups(registry: Registry): (ms: number) => void {
  const seconds = new Histogram({
    name: 'tidings_group_delivery_seconds',
    help: 'Time from a group’s entry to its delivery to the members’ handlers.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 5, 10, 20, 30, 60, 300],
    registers: [registry],
  });
  return (ms) => seconds.observe(ms / 1_000);
}
