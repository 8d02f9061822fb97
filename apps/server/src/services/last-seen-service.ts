import type { Clock } from '@tidings/api/clock';
import type { Timestamp, UserId } from '@tidings/api/ids';
import type { UserAct } from '@tidings/api/presence';
import type { LastSeenStore } from '@tidings/db/last-seen/port';
import { LRUCache } from 'lru-cache';

/** Acts that follow each other faster move nothing; the last one of a visit always does. */
const everyMs = 5_000;

/** When people last did something. Sockets that come and go don't count (PRES1). */
export class LastSeenService {
  readonly #parts: { readonly clock: Clock; readonly lastSeen: LastSeenStore };
  readonly #touched = new LRUCache<UserId, Timestamp>({ max: 50_000 });

  constructor(parts: { readonly clock: Clock; readonly lastSeen: LastSeenStore }) {
    this.#parts = parts;
  }

  async did(user: UserId, act: UserAct): Promise<void> {
    const now = this.#parts.clock.now();
    if (act === 'act' && now - (this.#touched.get(user) ?? 0) < everyMs) return;
    this.#touched.set(user, now);
    await this.#parts.lastSeen.touch(user, now);
  }

  /** In the order asked; `null` where never. */
  read(users: readonly UserId[]): Promise<readonly (Timestamp | null)[]> {
    return this.#parts.lastSeen.read(users);
  }
}
