import { closeSync, openSync } from 'node:fs';
import type { DirectoryClient } from './client.ts';
import { PrismaClient } from './generated/sqlite/client.ts';
import { PrismaConversations } from './prisma-conversations.ts';
import { PrismaInvites } from './prisma-invites.ts';
import { PrismaSessions } from './prisma-sessions.ts';
import { PrismaUsers } from './prisma-users.ts';
import { withWords } from './prisma-words.ts';
import { connectSqlite } from './sqlite-connection.ts';
import { connectSqliteInThread } from './sqlite-thread.ts';
import { sqliteFactory } from './sqlite-turns.ts';

/** A directory that is open. `client` is for better-auth, which keeps users and sessions in the same tables. */
export type Directory = {
  readonly users: PrismaUsers;
  readonly sessions: PrismaSessions;
  readonly conversations: PrismaConversations;
  readonly invites: PrismaInvites;
  readonly client: DirectoryClient;
  readonly provider: 'sqlite' | 'mysql';
  close(): Promise<void>;
};

/**
 * The directory in one SQLite file, made and migrated when needed and readable by its owner only, worked on in a thread; or in
 * memory, in this thread, for `:memory:`. Throws `MigrationError` when the file is of a newer version.
 */
export async function openEmbeddedDirectory(path: string): Promise<Directory> {
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
  const connect = path === ':memory:' ? connectSqlite : connectSqliteInThread;
  const client = withWords(new PrismaClient({ adapter: sqliteFactory(() => connect(path)) }));
  await client.$connect();
  return { ...directoryOn(client), client, provider: 'sqlite', close: () => client.$disconnect() };
}

/** The same on any client of the directory's models. */
export function directoryOn(
  client: DirectoryClient,
): Pick<Directory, 'users' | 'sessions' | 'conversations' | 'invites'> {
  return {
    users: new PrismaUsers(client),
    sessions: new PrismaSessions(client),
    conversations: new PrismaConversations(client),
    invites: new PrismaInvites(client),
  };
}
