import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type { Database } from 'better-sqlite3';
import { migrate } from './migrate.ts';

type Factory = InstanceType<typeof PrismaBetterSqlite3>;
type Adapter = Awaited<ReturnType<Factory['connect']>>;
type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>;

/**
 * Prisma's adapter for SQLite, with two additions: the database is migrated before its first query, and a query outside
 * of a transaction waits for the transaction that is open. There is one connection: without that wait the query
 * would fall into somebody else's transaction, and be lost with it when it is rolled back.
 */
export class SqliteConnection {
  readonly provider = 'sqlite';
  readonly adapterName: string;
  readonly #inner: Factory;

  constructor(path: string) {
    this.#inner = new PrismaBetterSqlite3({ url: path === ':memory:' ? path : `file:${path}` });
    this.adapterName = this.#inner.adapterName;
  }

  async connect(): Promise<Adapter> {
    const adapter = await this.#inner.connect();
    const db = (adapter as unknown as { readonly client: Database }).client;
    for (const pragma of pragmas) db.pragma(pragma);
    migrate(db);
    return inTurn(adapter);
  }
}

const pragmas = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'busy_timeout = 5000',
  'secure_delete = ON',
];

function inTurn(adapter: Adapter): Adapter {
  const turns = new Turns();
  const { queryRaw, executeRaw, startTransaction } = adapter;
  return Object.assign(adapter, {
    queryRaw: (query: Parameters<Adapter['queryRaw']>[0]) => turns.take(() => queryRaw.call(adapter, query)),
    executeRaw: (query: Parameters<Adapter['executeRaw']>[0]) =>
      turns.take(() => executeRaw.call(adapter, query)),
    startTransaction: async (level: Parameters<Adapter['startTransaction']>[0]) => {
      const leave = await turns.enter();
      try {
        return leavingAtEnd(await startTransaction.call(adapter, level), leave);
      } catch (error) {
        leave();
        throw error;
      }
    },
  });
}

function leavingAtEnd(transaction: Transaction, leave: () => void): Transaction {
  const { commit, rollback } = transaction;
  return Object.assign(transaction, {
    commit: () => commit.call(transaction).finally(leave),
    rollback: () => rollback.call(transaction).finally(leave),
  });
}

/** One at a time, in the order of asking. */
class Turns {
  #last: Promise<void> = Promise.resolve();

  async enter(): Promise<() => void> {
    const before = this.#last;
    let leave = (): void => {};
    this.#last = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    return leave;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
