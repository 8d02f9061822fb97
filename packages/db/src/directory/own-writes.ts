import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  Transaction,
} from '@prisma/driver-adapter-utils';

/** What this process has written: each write counts one up, and each table remembers the count of its last. */
export class OwnWrites {
  #count = 0;
  #lastAnywhere = 0;
  readonly #lastOf = new Map<string, number>();

  get count(): number {
    return this.#count;
  }

  /** The count of the last write to any of them. */
  lastOf(tables: readonly string[]): number {
    return Math.max(this.#lastAnywhere, ...tables.map((table) => this.#lastOf.get(table) ?? 0));
  }

  note(tables: Iterable<Written>): void {
    this.#count += 1;
    for (const table of tables) {
      if (table === anything) this.#lastAnywhere = this.#count;
      else this.#lastOf.set(table, this.#count);
    }
  }
}

/**
 * Prisma's way to a database, with a look at what passes. A write is noted when its answer is there, in a transaction when that
 * of the commit is; and also when the answer is an error, since it may have been done before the connection was lost.
 */
export function notingWrites(inner: SqlDriverAdapterFactory, writes: OwnWrites): SqlDriverAdapterFactory {
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    connect: async () => noting(await inner.connect(), writes),
  };
}

function noting(adapter: SqlDriverAdapter, writes: OwnWrites): SqlDriverAdapter {
  async function noted<T>(query: SqlQuery, run: () => Promise<T>): Promise<T> {
    const table = writtenBy(query.sql);
    if (table === null) return run();
    return run().finally(() => writes.note([table]));
  }
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: (query) => noted(query, () => adapter.queryRaw(query)),
    executeRaw: (query) => noted(query, () => adapter.executeRaw(query)),
    executeScript: (script) => adapter.executeScript(script).finally(() => writes.note([anything])),
    startTransaction: async (level) => notingCommit(await adapter.startTransaction(level), writes),
    ...(adapter.getConnectionInfo ? { getConnectionInfo: adapter.getConnectionInfo.bind(adapter) } : {}),
    dispose: () => adapter.dispose(),
  };
}

function notingCommit(transaction: Transaction, writes: OwnWrites): Transaction {
  const tables = new Set<Written>();
  const seen = (query: SqlQuery): SqlQuery => {
    const table = writtenBy(query.sql);
    if (table !== null) tables.add(table);
    return query;
  };
  return {
    provider: transaction.provider,
    adapterName: transaction.adapterName,
    options: transaction.options,
    queryRaw: (query) => transaction.queryRaw(seen(query)),
    executeRaw: (query) => transaction.executeRaw(seen(query)),
    commit: () => transaction.commit().finally(() => writes.note(tables)),
    rollback: () => transaction.rollback(),
  };
}

const anything = Symbol('any table');
type Written = string | typeof anything;

/** The table that a statement of Prisma's writes to; `null` for one that reads. What isn't understood may write anywhere. */
function writtenBy(sql: string): Written | null {
  if (/^\s*SELECT\b/i.test(sql)) return null;
  const [, table] =
    /^\s*(?:INSERT(?: IGNORE)? INTO|UPDATE|DELETE FROM)\s+(?:`[^`]+`\.)?`([^`]+)`/i.exec(sql) ?? [];
  return table ?? anything;
}
