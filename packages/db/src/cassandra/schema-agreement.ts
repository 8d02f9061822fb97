import { type Clock, wait } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { Client } from 'cassandra-driver';

const retryMs = 200;
const patienceMs = 120_000;

/**
 * Resolves when all nodes that are up have the same schema: each is asked itself. Nodes that just started may take a minute.
 * Rejects with `unavailable` after two.
 */
export async function schemaAgreement(client: Client, clock: Clock): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += retryMs) {
    if ((await versions(client)).size === 1) return;
    await wait(clock, retryMs);
  }
  throw new TidingsError('unavailable', 'the nodes of Cassandra don’t agree on the schema');
}

async function versions(client: Client): Promise<ReadonlySet<string>> {
  const nodes = client.hosts.values().filter((host) => host.isUp());
  const answers = nodes.map(async (host) => {
    const { rows } = await client.execute('SELECT schema_version FROM system.local', [], { host });
    return String(rows[0]?.schema_version);
  });
  return new Set(await Promise.all(answers));
}
