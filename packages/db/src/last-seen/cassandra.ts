import type { Timestamp, UserId } from '@tidings/api/ids';
import type { CassandraSession } from '../cassandra/session.ts';
import type { LastSeenStore } from './port.ts';

const touch = 'UPDATE last_seen USING TIMESTAMP ? SET at = ? WHERE user = ?';
const select = 'SELECT at FROM last_seen WHERE user = ?';

/**
 * Last seen in Cassandra: the table `last_seen`, written with its own value as timestamp, so that it never goes back. Every touch is
 * a write: what comes often belongs into something that writes behind, with this below it.
 */
export class CassandraLastSeenStore implements LastSeenStore {
  readonly #session: CassandraSession;

  constructor(session: CassandraSession) {
    this.#session = session;
  }

  touch(user: UserId, at: Timestamp): Promise<void> {
    return this.#session.write([{ query: touch, params: [at, at, user] }]);
  }

  read(users: readonly UserId[]): Promise<readonly (Timestamp | null)[]> {
    return Promise.all(
      users.map(async (user) => {
        const [row] = await this.#session.read(select, [user]);
        return row?.at?.toNumber() ?? null;
      }),
    );
  }
}
