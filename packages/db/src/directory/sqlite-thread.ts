import { Worker } from 'node:worker_threads';
import {
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlQuery,
  type SqlResultSet,
  type Transaction,
  type TransactionOptions,
} from '@prisma/driver-adapter-utils';
import { MigrationError } from './migrations.ts';
import type { Answer, Call, Refusal } from './sqlite-thread-worker.ts';

type Settle = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };
type Unnumbered = Call extends infer One ? (One extends Call ? Omit<One, 'id'> : never) : never;

/**
 * The same connection in a thread of its own, so that no commit waits for the disk on the event loop. When the thread
 * dies, calls fail until the process is started again: its supervisor sees that it isn't ready.
 */
export async function connectSqliteInThread(path: string): Promise<SqlDriverAdapter> {
  const worker = new Worker(new URL('./sqlite-thread-worker.ts', import.meta.url), {
    workerData: { path },
    name: 'tidings-directory',
  });
  const calls = new Calls(worker);
  await calls.ask({ call: 'open' });
  return {
    ...info,
    ...queries(calls),
    executeScript: (script) => calls.ask({ call: 'executeScript', script }) as Promise<void>,
    startTransaction: (level) => begin(calls, level),
    dispose: async () => {
      await calls.ask({ call: 'dispose' });
      await worker.terminate();
    },
  };
}

const info = { provider: 'sqlite', adapterName: '@prisma/adapter-better-sqlite3' } as const;

const queries = (calls: Calls, transaction?: number) => ({
  queryRaw: (query: SqlQuery) => calls.ask({ call: 'queryRaw', query, transaction }) as Promise<SqlResultSet>,
  executeRaw: (query: SqlQuery) => calls.ask({ call: 'executeRaw', query, transaction }) as Promise<number>,
});

async function begin(
  calls: Calls,
  level: Parameters<SqlDriverAdapter['startTransaction']>[0],
): Promise<Transaction> {
  const begun = (await calls.ask({ call: 'begin', level })) as {
    readonly transaction: number;
    readonly options: TransactionOptions;
  };
  const { transaction, options } = begun;
  return {
    ...info,
    options,
    ...queries(calls, transaction),
    commit: () => calls.ask({ call: 'commit', transaction }) as Promise<void>,
    rollback: () => calls.ask({ call: 'rollback', transaction }) as Promise<void>,
  };
}

class Calls {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Settle>();
  #lastId = 0;
  #dead: Error | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', ({ id, ...answer }: Answer) => {
      const settle = this.#waiting.get(id);
      this.#waiting.delete(id);
      if ('refusal' in answer) settle?.reject(errorOf(answer.refusal));
      else settle?.resolve(answer.value);
    });
    worker.on('error', (error) => this.#end(error as Error));
    worker.on('exit', () => this.#end(new Error('the directory’s thread has ended')));
  }

  ask(call: Unnumbered): Promise<unknown> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...call, id });
    });
  }

  #end(error: Error): void {
    this.#dead ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function errorOf(refusal: Refusal): Error {
  switch (refusal.type) {
    case 'driver':
      return new DriverAdapterError(refusal.cause);
    case 'migration':
      return new MigrationError(refusal.message);
    case 'other':
      return new Error(refusal.message);
  }
}
