import { secureId } from '@tidings/api/clock';
import { signIn, signUp } from '@tidings/client/node';
import { dropKeyspace } from '@tidings/db/cassandra/migrate';
import { MysqlDatabase } from '@tidings/db/directory/testing/mysql-database';
import { type Bucket, makeBucket } from '@tidings/db/testing/s3-bucket';
import { inject } from 'vitest';
import { clusterEnvironment } from './cluster-environment.ts';
import { ClusterProcess } from './cluster-process.ts';
import { TestDevice } from './test-device.ts';

export type TestClusterOptions = {
  readonly handlers?: number;
  readonly groupHandlers?: number;
  /** Of all processes but the migration, by those that they would have. */
  readonly settings?: (environment: Environment) => Environment;
};

type Environment = Readonly<Record<string, string>>;

const password = 'correct horse battery';

/** Tidings' own processes on the real engines, with a keyspace, a database and topics of their own. */
export class TestCluster implements AsyncDisposable {
  readonly handlers: ClusterProcess[] = [];
  readonly groupHandlers: ClusterProcess[] = [];
  #environment: Environment;
  readonly #database: MysqlDatabase;
  readonly #bucket: Bucket;
  readonly #devices: TestDevice[] = [];
  #web: ClusterProcess | null = null;

  private constructor(database: MysqlDatabase, bucket: Bucket) {
    this.#database = database;
    this.#bucket = bucket;
    this.#environment = {
      ...clusterEnvironment(inject('engines'), { database, bucket }),
      KAFKA_GROUP_PARTITIONS: '4',
      WEB_DIR: 'no-web',
    };
  }

  static async start(options: TestClusterOptions = {}): Promise<TestCluster> {
    const database = await MysqlDatabase.make(inject('engines').mysql);
    const cluster = new TestCluster(database, await makeBucket(inject('engines').s3));
    try {
      await ClusterProcess.run('migrate', cluster.#environment);
      cluster.#environment = { ...cluster.#environment, ...options.settings?.(cluster.#environment) };
      const several = (count: number, start: () => Promise<ClusterProcess>) =>
        Promise.all(Array.from({ length: count }, start));
      await Promise.all([
        cluster.#startWeb(),
        several(options.handlers ?? 2, () => cluster.startHandler()),
        several(options.groupHandlers ?? 1, () => cluster.startGroupHandler()),
      ]);
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  async startHandler(): Promise<ClusterProcess> {
    const handler = await ClusterProcess.start('handler', this.#environment);
    this.handlers.push(handler);
    return handler;
  }

  async startGroupHandler(): Promise<ClusterProcess> {
    const handler = await ClusterProcess.start('group-handler', this.#environment);
    this.groupHandlers.push(handler);
    return handler;
  }

  get web(): ClusterProcess {
    return this.#web as ClusterProcess;
  }

  /** Somebody new, on a device that is connected to the handlers named by their places, the first that takes it. */
  async person(name: string, ...at: readonly number[]): Promise<TestDevice> {
    const account = {
      username: `${name}-${secureId().slice(0, 6).toLowerCase().replace(/\W/g, 'x')}`,
      password,
    };
    const session = await signUp(this.web.url, { ...account, displayName: name });
    return this.#connect(new TestDevice(this.#urls(at), session, account));
  }

  /** One more device of theirs. */
  async device(of: TestDevice, ...at: readonly number[]): Promise<TestDevice> {
    const session = await signIn(this.web.url, of.account);
    return this.#connect(new TestDevice(this.#urls(at), session, of.account));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.engine.stop()));
    const processes = [...this.handlers, ...this.groupHandlers, ...(this.#web ? [this.#web] : [])];
    await Promise.all(processes.map((each) => each[Symbol.asyncDispose]()));
    const { contactPoints, localDataCenter } = inject('engines').cassandra;
    await dropKeyspace({ contactPoints, localDataCenter, keyspace: this.#database.name });
    await this.#database[Symbol.asyncDispose]();
    await this.#bucket[Symbol.asyncDispose]();
  }

  async #startWeb(): Promise<void> {
    this.#web = await ClusterProcess.start('web', this.#environment);
  }

  #urls(at: readonly number[]): () => readonly string[] {
    return () =>
      at.flatMap((place) => {
        const handler = this.handlers[place];
        return handler?.isRunning ? [handler.url] : [];
      });
  }

  async #connect(device: TestDevice): Promise<TestDevice> {
    this.#devices.push(device);
    await device.live();
    return device;
  }
}
