import { createHash } from 'node:crypto';
import type { Clock } from '@tidings/api/clock';
import type { DeviceId, SessionId, Timestamp, UserId } from '@tidings/api/ids';
import type { SessionDirectory, SessionRecord } from '../directory/port.ts';
import type { GuardedRowCache } from './guarded.ts';
import { readThrough } from './read-through.ts';

type Kept = Omit<SessionRecord, 'token'>;

/**
 * Sessions by token through the cache; the rest goes to the directory. Tokens are secrets, so the cache sees only their hashes.
 *
 * `name` and `lastUsedAt` of a cached session may be as old as the cache allows. A session gets its device once, and isn't kept
 * before. Sessions have to be removed here: the cache doesn't hear of rows that go in another way.
 */
export class CachedSessionDirectory implements SessionDirectory {
  readonly #sessions: SessionDirectory;
  readonly #cache: GuardedRowCache;
  readonly #clock: Clock;

  constructor(sessions: SessionDirectory, cache: GuardedRowCache, clock: Clock) {
    this.#sessions = sessions;
    this.#cache = cache;
    this.#clock = clock;
  }

  async byTokens(tokens: readonly string[]): Promise<readonly SessionRecord[]> {
    const byHash = new Map(tokens.map((token) => [hashOf(token), token]));
    const found = await readThrough<string, Kept>([...byHash.keys()], {
      cache: this.#cache,
      load: async (hashes) => {
        const records = await this.#sessions.byTokens(hashes.map((hash) => byHash.get(hash) ?? ''));
        return new Map(records.map(({ token, ...kept }) => [hashOf(token), kept]));
      },
      isKept: ({ deviceId }) => deviceId !== null,
    });
    const now = this.#clock.now();
    return [...found]
      .map(([hash, kept]) => ({ ...kept, token: byHash.get(hash) ?? '' }))
      .filter(({ expiresAt }) => expiresAt > now);
  }

  ofUser(user: UserId): Promise<readonly SessionRecord[]> {
    return this.#sessions.ofUser(user);
  }

  stillValid(sessions: readonly SessionId[]): Promise<readonly SessionId[]> {
    return this.#sessions.stillValid(sessions);
  }

  bind(
    session: SessionId,
    to: { deviceId?: DeviceId; name?: string; lastUsedAt?: Timestamp },
  ): Promise<void> {
    return this.#sessions.bind(session, to);
  }

  remove(user: UserId, session: SessionId): Promise<boolean> {
    return this.#removing(
      user,
      ({ sessionId }) => sessionId === session,
      () => this.#sessions.remove(user, session),
    );
  }

  removeOthers(user: UserId, keep: SessionId): Promise<readonly SessionId[]> {
    return this.#removing(
      user,
      ({ sessionId }) => sessionId !== keep,
      () => this.#sessions.removeOthers(user, keep),
    );
  }

  /** Their tokens are known only as long as the rows are there. */
  async #removing<T>(
    user: UserId,
    isRemoved: (session: SessionRecord) => boolean,
    remove: () => Promise<T>,
  ): Promise<T> {
    const removed = (await this.#sessions.ofUser(user)).filter(isRemoved);
    try {
      return await remove();
    } finally {
      await this.#cache.invalidate(removed.map(({ token }) => hashOf(token)));
    }
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
