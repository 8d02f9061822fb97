import type { UserId } from '@tidings/api/ids';
import type { MeUpdate } from '@tidings/api/user';
import type { UserDirectory, UserRecord } from '../directory/port.ts';
import type { GuardedRowCache } from './guarded.ts';
import { readThrough } from './read-through.ts';

/** Profiles through the cache, by user; the rest goes to the directory. */
export class CachedUserDirectory implements UserDirectory {
  readonly #users: UserDirectory;
  readonly #cache: GuardedRowCache;

  constructor(users: UserDirectory, cache: GuardedRowCache) {
    this.#users = users;
    this.#cache = cache;
  }

  async profiles(users: readonly UserId[]): Promise<readonly UserRecord[]> {
    const found = await readThrough<UserId, UserRecord>(users, {
      cache: this.#cache,
      load: async (ids) =>
        new Map((await this.#users.profiles(ids)).map((record) => [record.userId, record])),
    });
    return [...found.values()];
  }

  byUsername(username: string): Promise<UserRecord | null> {
    return this.#users.byUsername(username);
  }

  /** Also when it fails: nobody knows then what the directory has. */
  async update(user: UserId, update: MeUpdate): Promise<UserRecord> {
    try {
      return await this.#users.update(user, update);
    } finally {
      await this.#cache.invalidate([user]);
    }
  }

  search(query: string, limit: number): Promise<readonly UserRecord[]> {
    return this.#users.search(query, limit);
  }
}
