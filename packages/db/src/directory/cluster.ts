import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { Pool } from 'mariadb';
import type { DirectoryClient } from './client.ts';
import { type Directory, directoryOn } from './directory.ts';
import { withDomainErrors } from './domain-errors.ts';
import { MigrationError } from './migrations.ts';
import { mysqlClient } from './mysql-client.ts';
import { requireMigrated } from './mysql-migrate.ts';
import { databaseOf, defaultLimits, openPool, type PoolLimits } from './mysql-pool.ts';
import { type Replication, replicationOf } from './mysql-replication.ts';
import { notingWrites, OwnWrites } from './own-writes.ts';
import { defaultReplicaLimits, type ReplicaLimits, ReplicaReads } from './replica-reads.ts';

export type ClusterDirectoryOptions = {
  /** `mysql://user:password@host:port/database`; for its parameters see `mysql-pool.ts`. */
  readonly primary: string;
  /** Of the same database; may be empty. */
  readonly replicas: readonly string[];
  /** For each server. */
  readonly pool?: Partial<PoolLimits>;
  readonly reads?: Partial<ReplicaLimits>;
  readonly clock: Clock;
};

/**
 * The directory on MySQL or MariaDB: writes and what must be of the newest state on the primary, the rest on replicas (see
 * `client.ts` and `replica-reads.ts`). While the primary is down its calls fail with `unavailable`, within the pool's limits; they
 * succeed again when it is back. Replicas may come and go at any time.
 *
 * @throws MigrationError when the database lacks a migration (`migrateMysql` applies them).
 * @throws TidingsError `unavailable` when the primary can't be reached.
 */
export async function openClusterDirectory(options: ClusterDirectoryOptions): Promise<Directory> {
  const limits = { ...defaultLimits, ...options.pool };
  const pools = new Pools();
  const writes = new OwnWrites();
  try {
    const primary = mysqlClient(pools.open(options.primary, limits), databaseOf(options.primary), (factory) =>
      notingWrites(factory, writes),
    );
    // Positions are asked for on connections of their own: a pool that is busy isn't a server that is down.
    const watchLimits = { ...limits, connections: 1, silentMs: limits.connectMs + 1_000 };
    const watched = pools.open(options.primary, watchLimits);
    const replication = await preparedFor(watched);
    const reads = new ReplicaReads(
      {
        primary: { client: primary, position: () => replication.position(watched) },
        replicas: options.replicas.map((url) => replicaAt(url, { pools, limits, watchLimits, replication })),
        writes,
        clock: options.clock,
      },
      { ...defaultReplicaLimits, ...options.reads },
    );
    pools.clients.push(primary);
    return {
      ...directoryOn({ primary, recent: reads.read }),
      client: withDomainErrors(primary),
      provider: 'mysql',
      async close() {
        reads.stop();
        await pools.close();
      },
    };
  } catch (error) {
    await pools.close();
    throw error;
  }
}

function replicaAt(
  url: string,
  parts: {
    readonly pools: Pools;
    readonly limits: PoolLimits;
    readonly watchLimits: PoolLimits;
    readonly replication: Replication;
  },
) {
  const { pools, limits, watchLimits, replication } = parts;
  const client = mysqlClient(pools.open(url, limits), databaseOf(url));
  pools.clients.push(client);
  const watched = pools.open(url, watchLimits);
  return {
    client,
    reached: (position: string, waitMs: number) => replication.reached(watched, position, waitMs),
  };
}

async function preparedFor(primary: Pool): Promise<Replication> {
  try {
    await requireMigrated(primary);
    return await replicationOf(primary);
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new TidingsError('unavailable', 'the directory’s primary', { cause: error });
  }
}

/** What has to be closed, whatever came of it. */
class Pools {
  readonly clients: DirectoryClient[] = [];
  readonly #pools: Pool[] = [];

  open(url: string, limits: PoolLimits): Pool {
    const pool = openPool(url, limits);
    this.#pools.push(pool);
    return pool;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.clients.map((client) => client.$disconnect()));
    await Promise.allSettled(this.#pools.map((pool) => pool.end()));
  }
}
