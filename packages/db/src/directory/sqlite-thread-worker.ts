import { parentPort, workerData } from 'node:worker_threads';
import {
  DriverAdapterError,
  type IsolationLevel,
  type SqlDriverAdapter,
  type SqlQuery,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import { MigrationError } from './migrations.ts';
import { connectSqlite } from './sqlite-connection.ts';

/** What the main thread asks, one answer for each. `transaction` names one that `begin` answered with. */
export type Call = { readonly id: number } & (
  | { readonly call: 'open' | 'dispose' }
  | {
      readonly call: 'queryRaw' | 'executeRaw';
      readonly query: SqlQuery;
      readonly transaction?: number | undefined;
    }
  | { readonly call: 'executeScript'; readonly script: string }
  | { readonly call: 'begin'; readonly level: IsolationLevel | undefined }
  | { readonly call: 'commit' | 'rollback'; readonly transaction: number }
);
export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly refusal: Refusal });
/** Errors don't cross threads as what they are. */
export type Refusal =
  | { readonly type: 'driver'; readonly cause: DriverAdapterError['cause'] }
  | { readonly type: 'migration'; readonly message: string }
  | { readonly type: 'other'; readonly message: string };

const { path } = workerData as { readonly path: string };
const transactions = new Map<number, Transaction>();
let adapter: SqlDriverAdapter | null = null;
let begun = 0;

parentPort?.on('message', async (call: Call) => {
  try {
    parentPort?.postMessage({ id: call.id, value: await run(call) } satisfies Answer);
  } catch (error) {
    parentPort?.postMessage({ id: call.id, refusal: refusalOf(error) } satisfies Answer);
  }
});

async function run(call: Call): Promise<unknown> {
  switch (call.call) {
    case 'open':
      adapter = await connectSqlite(path);
      return undefined;
    case 'queryRaw':
      return target(call.transaction).queryRaw(call.query);
    case 'executeRaw':
      return target(call.transaction).executeRaw(call.query);
    case 'executeScript':
      return opened().executeScript(call.script);
    case 'begin': {
      const transaction = await opened().startTransaction(call.level);
      begun += 1;
      transactions.set(begun, transaction);
      return { transaction: begun, options: transaction.options };
    }
    case 'commit':
      return ended(call.transaction).commit();
    case 'rollback':
      return ended(call.transaction).rollback();
    case 'dispose':
      return opened().dispose();
  }
}

const target = (transaction: number | undefined): SqlDriverAdapter | Transaction =>
  transaction === undefined ? opened() : known(transaction);

function opened(): SqlDriverAdapter {
  if (!adapter) throw new Error('the directory is not open');
  return adapter;
}

function known(transaction: number): Transaction {
  const found = transactions.get(transaction);
  if (!found) throw new Error(`there is no transaction ${transaction}`);
  return found;
}

function ended(transaction: number): Transaction {
  const found = known(transaction);
  transactions.delete(transaction);
  return found;
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof MigrationError) return { type: 'migration', message: error.message };
  if (error instanceof DriverAdapterError) return { type: 'driver', cause: error.cause };
  return { type: 'other', message: error instanceof Error ? error.message : String(error) };
}
