import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  Transaction,
} from '@prisma/driver-adapter-utils';

/**
 * Prisma's way to a SQLite database with one addition: a query outside of a transaction waits for the transaction that is open.
 * There is one connection: without that wait the query would fall into somebody else's transaction, and be lost with
 * it when it is rolled back.
 */
export function sqliteFactory(open: () => Promise<SqlDriverAdapter>): SqlDriverAdapterFactory {
  return {
    provider: 'sqlite',
    adapterName: '@prisma/adapter-better-sqlite3',
    connect: async () => inTurn(await open()),
  };
}

function inTurn(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const turns = new Turns();
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: (query: SqlQuery) => turns.take(() => adapter.queryRaw(query)),
    executeRaw: (query: SqlQuery) => turns.take(() => adapter.executeRaw(query)),
    executeScript: (script) => turns.take(() => adapter.executeScript(script)),
    dispose: () => adapter.dispose(),
    startTransaction: async (level) => {
      const leave = await turns.enter();
      try {
        return leavingAtEnd(await adapter.startTransaction(level), leave);
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}

function leavingAtEnd(transaction: Transaction, leave: () => void): Transaction {
  return {
    provider: transaction.provider,
    adapterName: transaction.adapterName,
    options: transaction.options,
    queryRaw: (query) => transaction.queryRaw(query),
    executeRaw: (query) => transaction.executeRaw(query),
    commit: () => transaction.commit().finally(leave),
    rollback: () => transaction.rollback().finally(leave),
  };
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
