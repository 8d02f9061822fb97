import { systemClock } from '@tidings/api/clock';
import { type UserId, userId } from '@tidings/api/ids';
import { openClusterDirectory } from '../cluster.ts';
import type { Directory } from '../directory.ts';
import { migrateMysql } from '../mysql-migrate.ts';
import { connectTo, MysqlDatabase } from './mysql-database.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { underTest } from './under-test.ts';

type Servers = { readonly primary: string; readonly replicas: readonly string[] };

const reads = { checkMs: 20, maxBehindMs: 400 };
const pool = { connections: 4, connectMs: 300, acquireMs: 500, silentMs: 3_000 };

/** One database on a primary and a replica, and two directories on it that know nothing of each other, like two processes. */
export class TwoProcesses implements AsyncDisposable {
  readonly database: MysqlDatabase;
  /** The ways to the servers that both directories take. */
  readonly primary: TcpProxy;
  readonly replica: TcpProxy;
  readonly here: Directory;
  readonly there: Directory;
  readonly #replicaServer: string;
  #people = 0;

  private constructor(
    parts: Pick<TwoProcesses, 'database' | 'primary' | 'replica' | 'here' | 'there'>,
    replicaServer: string,
  ) {
    this.database = parts.database;
    this.primary = parts.primary;
    this.replica = parts.replica;
    this.here = parts.here;
    this.there = parts.there;
    this.#replicaServer = replicaServer;
  }

  static async open(servers: Servers): Promise<TwoProcesses> {
    const database = await MysqlDatabase.make(servers);
    await migrateMysql(database.primary);
    const [replicaServer = ''] = servers.replicas;
    const primary = await TcpProxy.open(servers.primary);
    const replica = await TcpProxy.open(replicaServer);
    const open = () =>
      openClusterDirectory({
        primary: primary.to(database.name),
        replicas: [replica.to(database.name)],
        clock: systemClock,
        reads,
        pool,
      });
    const [here, there] = [await open(), await open()];
    return new TwoProcesses({ database, primary, replica, here, there }, replicaServer);
  }

  /** A user whom `here` made. */
  async person(name = 'Somebody'): Promise<UserId> {
    this.#people += 1;
    const id = userId(`person-${this.#people}`);
    await underTest(this.here).addUser({ id, username: id, name });
    return id;
  }

  /** Changes a user's row on the replica only, so that an answer tells where it comes from. */
  async markReplica(user: UserId): Promise<void> {
    await this.#onReplica(
      `SET SESSION sql_log_bin = 0; UPDATE ${this.database.name}.user SET about = 'replica' WHERE id = ?`,
      [user],
    );
  }

  /** Nothing is replicated while `work` goes on. */
  async whileReplicaStands(work: () => Promise<void>): Promise<void> {
    await this.#onReplica('STOP SLAVE SQL_THREAD');
    try {
      await work();
    } finally {
      await this.#onReplica('START SLAVE SQL_THREAD');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.here.close(), this.there.close()]);
    await Promise.all([this.primary[Symbol.asyncDispose](), this.replica[Symbol.asyncDispose]()]);
    await this.database[Symbol.asyncDispose]();
  }

  async #onReplica(sql: string, values: readonly string[] = []): Promise<void> {
    const admin = await connectTo(this.#replicaServer);
    try {
      await admin.query(sql, [...values]);
    } finally {
      await admin.end();
    }
  }
}
