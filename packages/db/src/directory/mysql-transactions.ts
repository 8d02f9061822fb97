import type { SqlDriverAdapter, SqlDriverAdapterFactory, Transaction } from '@prisma/driver-adapter-utils';

/** How long a transaction waits for a row that another one is changing. */
const lockWaitSeconds = 2;

/**
 * Prisma's way to MySQL with our kind of transactions.
 *
 * READ COMMITTED: each statement sees what was committed before it. With MySQL's own REPEATABLE READ a rename that waited for another
 * one would go on with the words from before it, and gaps between rows are locked, so that inserts which have nothing to do with
 * each other end in deadlocks. Where a transaction decides by what it finds, it finds it by changing it (`DELETE`, a unique key).
 *
 * A wait for a row ends after `lockWaitSeconds`, before the connection's own limit ends the connection.
 *
 * It is set with each transaction, because the driver's `initSql` can't be used: a connection that breaks while it runs is an unhandled
 * rejection, which ends the process. Few transactions are made here.
 */
export function ourTransactions(inner: SqlDriverAdapterFactory): SqlDriverAdapterFactory {
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    connect: async () => withOurs(await inner.connect()),
  };
}

function withOurs(adapter: SqlDriverAdapter): SqlDriverAdapter {
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: (query) => adapter.queryRaw(query),
    executeRaw: (query) => adapter.executeRaw(query),
    executeScript: (script) => adapter.executeScript(script),
    startTransaction: async (level = 'READ COMMITTED') =>
      waitingBriefly(await adapter.startTransaction(level)),
    ...(adapter.getConnectionInfo ? { getConnectionInfo: adapter.getConnectionInfo.bind(adapter) } : {}),
    dispose: () => adapter.dispose(),
  };
}

async function waitingBriefly(transaction: Transaction): Promise<Transaction> {
  try {
    const sql = `SET SESSION innodb_lock_wait_timeout = ${lockWaitSeconds}`;
    await transaction.executeRaw({ sql, args: [], argTypes: [] });
    return transaction;
  } catch (error) {
    await transaction.rollback().catch(() => {});
    throw error;
  }
}
