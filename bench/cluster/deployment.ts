import { systemClock as clock } from '@tidings/api/clock';
import type { ConversationId, UserId } from '@tidings/api/ids';
import { dropKeyspace } from '@tidings/db/cassandra/migrate';
import { openCassandraStores } from '@tidings/db/cassandra/stores';
import { openClusterDirectory } from '@tidings/db/directory/cluster';
import { MysqlDatabase } from '@tidings/db/directory/testing/mysql-database';
import { makeBucket } from '@tidings/db/testing/s3-bucket';
import { clusterEnvironment } from '../../apps/server/src/testing/cluster-environment.ts';
import { ClusterProcess } from '../../apps/server/src/testing/cluster-process.ts';
import type { Engines } from '../../tests/support/engines/addresses.ts';
import { startNatively } from '../../tests/support/engines/native.ts';
import { history } from '../history.ts';
import { Population } from '../population.ts';
import { usageOf } from '../process-usage.ts';
import { inLanes } from '../store-load.ts';
import { type Cpu, EngineProcesses } from './engine-processes.ts';

export type Size = { readonly handlers: number; readonly groupHandlers: number };

/**
 * Tidings' own processes on the engines in a cluster's folder, with a keyspace, a database and topics of their own that are gone afterwards:
 * what lives in that cluster isn't touched. Engines that don't run are started, and stopped again.
 */
export class Deployment implements AsyncDisposable {
  readonly handlers: readonly ClusterProcess[];
  readonly groupHandlers: readonly ClusterProcess[];
  readonly population: Population;
  readonly #parts: Parts;

  private constructor(
    handlers: readonly ClusterProcess[],
    groupHandlers: readonly ClusterProcess[],
    population: Population,
    parts: Parts,
  ) {
    this.handlers = handlers;
    this.groupHandlers = groupHandlers;
    this.population = population;
    this.#parts = parts;
  }

  static async start(folder: string, size: Size): Promise<Deployment> {
    const undo = new AsyncDisposableStack();
    try {
      const { engines, stop } = await startNatively(folder);
      undo.defer(stop);
      const database = undo.use(await MysqlDatabase.make(engines.mysql));
      const bucket = undo.use(await makeBucket(engines.s3));
      const environment = {
        ...clusterEnvironment(engines, { database, bucket }),
        LOG_LEVEL: 'info',
        CASSANDRA_REPLICATION_FACTOR: String(Math.min(3, engines.cassandra.contactPoints.length)),
      };
      await ClusterProcess.run('migrate', environment);
      undo.defer(() => dropKeyspace(keyspaceOf(engines, database)));
      const start = (name: 'handler' | 'group-handler', count: number) =>
        Promise.all(
          Array.from({ length: count }, async () => undo.use(await ClusterProcess.start(name, environment))),
        );
      const groupHandlers = await start('group-handler', size.groupHandlers);
      const handlers = await start('handler', size.handlers);
      const directory = await openClusterDirectory({ primary: database.primary, replicas: [], clock });
      undo.defer(() => directory.close());
      const population = new Population(directory, environment.SESSION_SECRET);
      const parts = { engines, database, processes: new EngineProcesses(folder), undo };
      return new Deployment(handlers, groupHandlers, population, parts);
    } catch (error) {
      await undo.disposeAsync();
      throw error;
    }
  }

  /** Of the handlers that live, the group handlers that live, and each engine; since they began. */
  cpu(): Cpu {
    const sum = (processes: readonly ClusterProcess[]): number =>
      processes.filter((one) => one.isRunning).reduce((all, one) => all + usageOf(one.pid).cpuSeconds, 0);
    return new Map([
      ['handlers', sum(this.handlers)],
      ['group handlers', sum(this.groupHandlers)],
      ...this.#parts.processes.cpu(),
    ]);
  }

  urlOf(index: number): string {
    return (this.handlers[index % this.handlers.length] as ClusterProcess).url;
  }

  /** Puts `count` messages into each conversation's log, past the handlers: nobody is told. */
  async history(
    conversations: readonly { readonly id: ConversationId; readonly sender: UserId }[],
    count: number,
  ): Promise<void> {
    const { engines, database } = this.#parts;
    const stores = await openCassandraStores({
      ...keyspaceOf(engines, database),
      requestTimeoutMs: 20_000,
    });
    const left = [...conversations];
    try {
      await inLanes(16, conversations.length, async () => {
        const next = left.pop();
        if (next) await stores.messages.append(history(next.id, next.sender, count));
      });
    } finally {
      await stores.stop();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.undo.disposeAsync();
  }
}

type Parts = {
  readonly engines: Engines;
  readonly database: MysqlDatabase;
  readonly processes: EngineProcesses;
  readonly undo: AsyncDisposableStack;
};

const keyspaceOf = ({ cassandra }: Engines, { name }: MysqlDatabase) => ({
  contactPoints: cassandra.contactPoints,
  localDataCenter: cassandra.localDataCenter,
  keyspace: name,
});
