import type { Clock } from '@tidings/api/clock';
import type { Timestamp, UserId } from '@tidings/api/ids';
import type { Database } from 'better-sqlite3';
import type { Engine } from '../sqlite/engine.ts';
import type { LastSeenStore } from './port.ts';

const writeBehindMs = 15_000;

/**
 * Last seen in `tidings.db`, written behind: what was touched within 15 s goes in one commit, since people act far more often
 * than anybody asks.
 */
export class SqliteLastSeenStore implements LastSeenStore {
  readonly #engine: Engine;
  readonly #clock: Clock;
  /** What the file may not have yet. */
  readonly #touched = new Map<UserId, Timestamp>();
  #cancel: (() => void) | null = null;

  constructor(engine: Engine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  async touch(user: UserId, at: Timestamp): Promise<void> {
    if (at <= (this.#touched.get(user) ?? 0)) return;
    this.#touched.set(user, at);
    this.#schedule();
  }

  async read(users: readonly UserId[]): Promise<readonly (Timestamp | null)[]> {
    const recent = users.map((user) => this.#touched.get(user) ?? 0);
    const stored = await this.#engine.read('readLastSeen', users);
    return recent.map((touched, at) => Math.max(touched, stored[at] ?? 0) || null);
  }

  /** Writes what waits; what can't be written stays for the next time. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    const leaving = [...this.#touched];
    if (leaving.length === 0) return;
    try {
      await this.#engine.write('putLastSeen', leaving);
    } catch {
      return this.#schedule();
    }
    for (const [user, at] of leaving) if (this.#touched.get(user) === at) this.#touched.delete(user);
  }

  #schedule(): void {
    this.#cancel ??= this.#clock.after(writeBehindMs, () => void this.flush());
  }
}

export function lastSeenWrites(db: Database) {
  const put = db.prepare<[UserId, Timestamp]>(
    'INSERT INTO last_seen (user, at) VALUES (?, ?) ON CONFLICT (user) DO UPDATE SET at = excluded.at WHERE excluded.at > at',
  );
  return {
    putLastSeen(touches: readonly (readonly [UserId, Timestamp])[]): void {
      for (const [user, at] of touches) put.run(user, at);
    },
  };
}

export function lastSeenReads(db: Database) {
  const get = db.prepare<[UserId], Timestamp>('SELECT at FROM last_seen WHERE user = ?').pluck();
  return {
    readLastSeen: (users: readonly UserId[]): (Timestamp | null)[] =>
      users.map((user) => get.get(user) ?? null),
  };
}
