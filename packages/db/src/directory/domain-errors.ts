import { type DirectoryClient, domainErrorOf } from './client.ts';
import type { PrismaClient } from './generated/sqlite/client.ts';

/**
 * The client for whoever isn't one of the ports (better-auth): its errors are the domain's too. Nothing is tried again, since a call
 * may be one of several in a transaction.
 */
export function withDomainErrors(client: DirectoryClient): DirectoryClient {
  const extended = (client as PrismaClient).$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return await query(args);
        } catch (error) {
          throw domainErrorOf(error);
        }
      },
    },
  });
  return extended as unknown as DirectoryClient;
}
