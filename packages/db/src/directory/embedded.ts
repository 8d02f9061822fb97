import { closeSync, openSync } from 'node:fs';
import { alone } from './client.ts';
import { type Directory, directoryOn } from './directory.ts';
import { withDomainErrors } from './domain-errors.ts';
import { PrismaClient } from './generated/sqlite/client.ts';
import { withWords } from './prisma-words.ts';
import { connectSqlite } from './sqlite-connection.ts';
import { connectSqliteInThread } from './sqlite-thread.ts';
import { sqliteFactory } from './sqlite-turns.ts';

/**
 * The directory in one SQLite file, made and migrated when needed and readable by its owner only, worked on in a thread; or in
 * memory, in this thread, for `:memory:`. Throws `MigrationError` when the file is of a newer version.
 */
export async function openEmbeddedDirectory(path: string): Promise<Directory> {
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
  const connect = path === ':memory:' ? connectSqlite : connectSqliteInThread;
  const client = withWords(new PrismaClient({ adapter: sqliteFactory(() => connect(path)) }));
  await client.$connect();
  return {
    ...directoryOn(alone(client)),
    client: withDomainErrors(client),
    provider: 'sqlite',
    close: () => client.$disconnect(),
  };
}
