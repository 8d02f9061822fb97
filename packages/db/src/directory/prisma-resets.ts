import { type Timestamp, trustedUserId, type UserId } from '@tidings/api/ids';
import type { ResetDirectory } from './administration-port.ts';
import { type DirectoryClient, guarded } from './client.ts';

/** In better-auth's table `verification`. There is one row for each user at most. */
export class PrismaResets implements ResetDirectory {
  readonly #client: DirectoryClient;

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  async take(codeHash: string, now: Timestamp): Promise<UserId | null> {
    const where = { id: codeHash, identifier: { startsWith: prefix }, expiresAt: { gt: new Date(now) } };
    const row = await guarded(() => this.#client.verification.findFirst({ where }));
    if (!row) return null;
    const { count } = await guarded(() => this.#client.verification.deleteMany({ where }));
    return count === 0 ? null : trustedUserId(row.identifier.slice(prefix.length));
  }
}

const prefix = 'reset ';

/** Under which name a user's code stands there. */
export const resetOf = (user: UserId): string => `${prefix}${user}`;
