import { dropKeyspace } from '@tidings/db/cassandra/migrate';
import { MysqlDatabase } from '@tidings/db/directory/testing/mysql-database';
import { type Bucket, makeBucket } from '@tidings/db/testing/s3-bucket';
import { closeRedis, connectRedis } from '@tidings/redis/connection';
import { namesOf } from '@tidings/server/profiles/cluster-names';
import { clusterEnvironment } from '@tidings/server/testing/cluster-environment';
import { ClusterProcess } from '@tidings/server/testing/cluster-process';
import type { Engines } from '../../support/engines/addresses.ts';
import { freePort, freePortsInARow } from '../../support/free-port.ts';
import { Nginx, type Upstreams } from './nginx.ts';
import type { Settings, TestServer } from './test-server.ts';

const handlers = ['handler-1', 'handler-2'] as const;
const processes = [...handlers, 'group-handler-1', 'web-1'] as const;

export type ProcessName = (typeof processes)[number];

/**
 * The cluster profile: nginx before two handlers and a web process, and a group handler, on real engines with a keyspace, a database
 * and topics of their own. It takes half a minute to make, so that many tests use one, each after {@link freshen}.
 */
export class ClusterServer implements TestServer, AsyncDisposable {
  readonly #engines: Engines;
  readonly #database: MysqlDatabase;
  readonly #bucket: Bucket;
  readonly #ports: Readonly<Record<ProcessName, number>>;
  readonly #environment: Settings;
  readonly #running = new Map<ProcessName, ClusterProcess>();
  #settings: Settings = {};
  #nginx: Nginx | null = null;

  private constructor(
    engines: Engines,
    database: MysqlDatabase,
    bucket: Bucket,
    ports: Readonly<Record<ProcessName, number>>,
  ) {
    this.#engines = engines;
    this.#database = database;
    this.#bucket = bucket;
    this.#ports = ports;
    this.#environment = {
      ...clusterEnvironment(engines, { database, bucket }),
      LOG_LEVEL: 'warn',
      TRUST_PROXY: '1',
      KAFKA_GROUP_PARTITIONS: '4',
    };
  }

  static async make(engines: Engines): Promise<ClusterServer> {
    const upstreams = await freeUpstreams();
    const ports = {
      'handler-1': upstreams.firstHandler,
      'handler-2': upstreams.firstHandler + 1,
      'group-handler-1': await freePort(),
      'web-1': upstreams.web,
    };
    const bucket = await makeBucket(engines.s3);
    const cluster = new ClusterServer(engines, await MysqlDatabase.make(engines.mysql), bucket, ports);
    try {
      await ClusterProcess.run('migrate', cluster.#environment);
      await cluster.startAgain();
      cluster.#nginx = await Nginx.start(upstreams, cluster.#environment.ASSET_LINK_SECRET as string);
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  get url(): string {
    return (this.#nginx as Nginx).url;
  }

  get handlers(): readonly ProcessName[] {
    return handlers;
  }

  /** How many devices a handler holds. */
  socketsOf(name: ProcessName): Promise<number> {
    return this.#process(name).metric('tidings_sockets');
  }

  /** All of Tidings' own processes; nginx and the engines stay. */
  async end(signal: NodeJS.Signals): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.endProcess(name, signal)));
  }

  async endProcess(name: ProcessName, signal: NodeJS.Signals): Promise<void> {
    await this.#process(name).kill(signal);
    this.#running.delete(name);
  }

  async startAgain(settings: Settings = {}): Promise<void> {
    this.#settings = { ...this.#settings, ...settings };
    const missing = processes.filter((name) => !this.#running.has(name));
    const starts = await Promise.allSettled(missing.map((name) => this.startProcess(name)));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async startProcess(name: ProcessName): Promise<void> {
    const kind = name.replace(/-\d$/, '') as 'handler' | 'group-handler' | 'web';
    const environment = { ...this.#environment, ...this.#settings, PORT: String(this.#ports[name]) };
    this.#running.set(name, await ClusterProcess.start(kind, environment));
  }

  /** What a test finds on a data folder of its own: everything runs with the usual settings, and nobody was here before. */
  async freshen(): Promise<void> {
    if (Object.keys(this.#settings).length > 0) await this.end('SIGTERM');
    this.#settings = {};
    await this.startAgain();
    await this.#forgetPeople();
    await this.#forgetAttempts();
  }

  /** What the processes say of what goes wrong. */
  words(): string {
    const lines = [...this.#running].flatMap(([name, process]) =>
      process.log().map((line) => `${name} ${JSON.stringify(line)}`),
    );
    return lines.join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#nginx?.[Symbol.asyncDispose]();
    await this.end('SIGKILL');
    const { contactPoints, localDataCenter } = this.#engines.cassandra;
    await dropKeyspace({ contactPoints, localDataCenter, keyspace: this.#database.name });
    await this.#database[Symbol.asyncDispose]();
    await this.#bucket[Symbol.asyncDispose]();
  }

  #process(name: ProcessName): ClusterProcess {
    const process = this.#running.get(name);
    if (!process) throw new Error(`${name} doesn't run`);
    return process;
  }

  /** Whoever comes to the replicas after this doesn't find them there either: all changes reach those in one order. */
  async #forgetPeople(): Promise<void> {
    const tables = await this.#database.query<{ readonly name: string }[]>(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_name NOT LIKE ?',
      [this.#database.name, '\\_prisma%'],
    );
    const deletes = tables.map(({ name }) => `DELETE FROM \`${name}\`;`).join('');
    await this.#database.query(`SET FOREIGN_KEY_CHECKS = 0; ${deletes} SET FOREIGN_KEY_CHECKS = 1`);
  }

  /** Everybody here comes from one address, which may sign up and sign in so often in ten minutes. */
  async #forgetAttempts(): Promise<void> {
    const redis = await connectRedis(this.#engines.redis.coordination, () => {});
    const { key } = namesOf({ cassandra: { keyspace: this.#database.name } });
    const attempts = await redis.keys(`${key('limit')}*`);
    if (attempts.length > 0) await redis.del(attempts);
    await closeRedis(redis);
  }
}

async function freeUpstreams(): Promise<Upstreams> {
  const firstHandler = await freePortsInARow(handlers.length);
  return { web: await freePort(), firstHandler, handlers: handlers.length };
}
