import type { DirectoryClient, DirectoryDatabase } from './client.ts';
import { PrismaConversations } from './prisma-conversations.ts';
import { PrismaInvites } from './prisma-invites.ts';
import { PrismaSessions } from './prisma-sessions.ts';
import { PrismaUsers } from './prisma-users.ts';

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

/** The same on any database of the directory's models. */
export function directoryOn(
  database: DirectoryDatabase,
): Pick<Directory, 'users' | 'sessions' | 'conversations' | 'invites'> {
  return {
    users: new PrismaUsers(database),
    sessions: new PrismaSessions(database.primary),
    conversations: new PrismaConversations(database),
    invites: new PrismaInvites(database.primary),
  };
}
