import type { Clock } from '@tidings/api/clock';
import type { UserId } from '@tidings/api/ids';
import type { UserDirectory, UserRecord } from '@tidings/db/directory/port';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { CacheUse } from './cache-use.ts';
import type { Profiles } from './parts.ts';

/** Users, cached. Who doesn't exist isn't cached: they may sign up at any moment. */
export class CachedProfiles implements Profiles {
  readonly cacheUse = new CacheUse();
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #records: LRUCache<UserId, { readonly record: UserRecord; readonly until: number }>;
  readonly #loader: DataLoader<UserId, UserRecord | null>;
  /** How often somebody told what they changed: an answer that was on its way meanwhile may be older than that. */
  #told = 0;

  constructor(
    parts: { readonly users: UserDirectory; readonly clock: Clock },
    options: { readonly keepMs: number; readonly maxRecords: number },
  ) {
    this.#clock = parts.clock;
    this.#keepMs = options.keepMs;
    this.#records = new LRUCache({ max: options.maxRecords });
    this.#loader = new DataLoader((users) => this.#load(parts.users, users), {
      cache: false,
      batchScheduleFn: (task) => parts.clock.soon(task),
      maxBatchSize: 500,
    });
  }

  of(users: readonly UserId[]): Promise<readonly (UserRecord | null)[]> {
    return Promise.all(users.map((user) => this.#cached(user) ?? this.#loader.load(user)));
  }

  learn(record: UserRecord): void {
    this.#told += 1;
    this.#keep(record);
  }

  #keep(record: UserRecord): void {
    this.#records.set(record.userId, { record, until: this.#clock.now() + this.#keepMs });
  }

  #cached(user: UserId): UserRecord | null {
    const cached = this.#records.get(user);
    const isGood = cached !== undefined && cached.until > this.#clock.now();
    this.cacheUse.count(isGood);
    return isGood ? cached.record : null;
  }

  async #load(directory: UserDirectory, users: readonly UserId[]): Promise<readonly (UserRecord | null)[]> {
    const found = new Map<UserId, UserRecord>();
    const told = this.#told;
    for (const record of await directory.profiles([...new Set(users)])) {
      found.set(record.userId, record);
      if (told === this.#told) this.#keep(record);
    }
    return users.map((user) => found.get(user) ?? null);
  }
}
