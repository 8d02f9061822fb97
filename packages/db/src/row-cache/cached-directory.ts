import type { Clock } from '@tidings/api/clock';
import type { Redis } from 'ioredis';
import type { ConversationDirectory, SessionDirectory, UserDirectory } from '../directory/port.ts';
import { CachedConversationDirectory } from './cached-conversations.ts';
import { CachedSessionDirectory } from './cached-sessions.ts';
import { CachedUserDirectory } from './cached-users.ts';
import { GuardedRowCache } from './guarded.ts';
import { RedisRowCache } from './redis.ts';

/**
 * For how long a change may go unseen when its invalidation is lost: whoever made it couldn't reach the cache, while others could.
 * (A replica of the store that lags by more than 5 s adds its lag.) Who may read what and who is signed in is worth more queries
 * than how people are called.
 */
const maxStaleMs = {
  profiles: 60_000,
  conversations: 10_000,
  memberships: 10_000,
  sessions: 10_000,
} as const;

/** Grows when a record of `directory/port.ts` changes its shape: old and new processes don't read each other's rows. */
const format = 1;

export type CachedDirectoryParts = {
  readonly users: UserDirectory;
  readonly sessions: SessionDirectory;
  readonly conversations: ConversationDirectory;
  readonly redis: Redis;
  readonly clock: Clock;
  readonly prefix?: string;
};

/** The directory with the cache in front of what is read often: profiles, conversations, memberships, and sessions by token. */
export function cachedDirectory({
  users,
  sessions,
  conversations,
  redis,
  clock,
  prefix = 'tidings:rows:',
}: CachedDirectoryParts) {
  const cache = (kind: keyof typeof maxStaleMs) => {
    const rows = new RedisRowCache({
      redis,
      prefix: `${prefix}${format}:${kind}:`,
      maxStaleMs: maxStaleMs[kind],
    });
    return new GuardedRowCache(rows, clock);
  };
  return {
    users: new CachedUserDirectory(users, cache('profiles')),
    sessions: new CachedSessionDirectory(sessions, cache('sessions'), clock),
    conversations: new CachedConversationDirectory(conversations, {
      conversations: cache('conversations'),
      memberships: cache('memberships'),
    }),
  };
}
