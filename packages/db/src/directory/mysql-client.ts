import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Pool } from 'mariadb';
import type { DirectoryClient } from './client.ts';
import { PrismaClient } from './generated/mysql/client.ts';
import { ourTransactions } from './mysql-transactions.ts';
import { withWords } from './prisma-words.ts';

/** Prisma on a pool of connections; `wrap` sees what passes. The pool stays its opener's. */
export function mysqlClient(
  pool: Pool,
  database: string,
  wrap: (factory: SqlDriverAdapterFactory) => SqlDriverAdapterFactory = (factory) => factory,
): DirectoryClient {
  const adapter = wrap(ourTransactions(new PrismaMariaDb(pool, { database })));
  return withWords(new PrismaClient({ adapter }));
}
