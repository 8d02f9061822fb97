import { TidingsError } from '@tidings/api/errors';
import type { PrismaClient } from './generated/sqlite/client.ts';

/**
 * The Prisma client as the directory uses it: what SQLite's and MySQL's have in common (no `skipDuplicates`, no
 * `mode: 'insensitive'`, no raw SQL), so that one implementation serves both.
 */
export type DirectoryClient = Omit<PrismaClient, '$on' | '$use' | '$extends'>;

/**
 * Where the ports' queries go. Which of the two a query goes to is decided where it is written, by what a late answer would do:
 *
 * - **Who somebody is and what they may see is asked of the primary**: sessions, memberships of groups, invites, usernames. A session
 *   that was ended or a member who was removed on another handler a moment ago would be let in by a replica that doesn't know yet, and
 *   the handler's cache would believe it for seconds more (INV8, INV9, SESS1). And whoever has just signed in may meet another handler
 *   with their next request, which must know the session.
 * - **`recent` is for what may be a moment old without harm**: profiles and the search for people, which handlers cache for seconds
 *   anyway; sweeps over all conversations; and direct conversations that are found, since their rows never change once they are there.
 */
export type DirectoryDatabase = {
  readonly primary: DirectoryClient;
  readonly recent: RecentReads;
};

/**
 * Answers from any copy of the named tables that has everything this process wrote to them, and everything others wrote longer
 * ago than the copies' stated bound. The query must do nothing but read.
 */
export type RecentReads = <T>(
  tables: readonly RecentTable[],
  query: (client: DirectoryClient) => Promise<T>,
) => Promise<T>;
export type RecentTable = 'user' | 'user_word' | 'conversation' | 'membership';

/** A database without copies. */
export const alone = (client: DirectoryClient): DirectoryDatabase => ({
  primary: client,
  recent: (_tables, query) => query(client),
});

/** Prisma's codes: a unique key was taken; the row to change isn't there; a deadlock ended the transaction. */
const taken = 'P2002';
const missing = 'P2025';
const deadlock = 'P2034';

export const isTaken = (error: unknown): boolean => codeOf(error) === taken;
export const isMissing = (error: unknown): boolean => codeOf(error) === missing;

/** How often a query is tried whose transaction the database undid for the sake of another. */
const attempts = 5;

/** What the ports promise: the domain's errors, never the driver's. */
export async function guarded<T>(query: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await query();
    } catch (error) {
      if (codeOf(error) === deadlock && attempt < attempts) continue;
      throw domainErrorOf(error);
    }
  }
}

export function domainErrorOf(error: unknown): TidingsError {
  if (error instanceof TidingsError) return error;
  if (isMissing(error)) return new TidingsError('not-found', undefined, { cause: error });
  if (isTaken(error)) return new TidingsError('conflict', undefined, { cause: error });
  const full = /SQLITE_FULL|disk is full|is full/i.test(String(error));
  return new TidingsError(full ? 'storage-full' : 'unavailable', 'the directory', { cause: error });
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
}
