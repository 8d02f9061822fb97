import type { AccountItem } from '@tidings/api/account';
import { type Seq, seq, type UserId } from '@tidings/api/ids';
import type { CassandraSession } from '../cassandra/session.ts';
import type { AccountFold, AccountPut, AccountStateStore } from './port.ts';

const setItem = 'UPDATE account_item USING TIMESTAMP ? SET value = ? WHERE user = ? AND key = ?';
const setThrough = 'UPDATE account_item USING TIMESTAMP ? SET through = ? WHERE user = ?';
const selectThrough = 'SELECT through FROM account_item WHERE user = ? LIMIT 1';
const selectItems = 'SELECT key, value FROM account_item WHERE user = ? AND key > ?';

/** No JSON is empty. A deleted row would be a tombstone to every reader, and an older put could revive it once that is gone. */
const removed = '';
const putsAtOnce = 100;

/**
 * The folds in Cassandra: the table `account_item`, see `cassandra/schema/account-states.cql`. A put is written with its position as
 * timestamp: of two puts of a key the higher stays, and a position is one put, so that equal timestamps are equal values.
 */
export class CassandraAccountStateStore implements AccountStateStore {
  readonly #session: CassandraSession;

  constructor(session: CassandraSession) {
    this.#session = session;
  }

  /** The position first: items that are newer than it do no harm, missing ones would. */
  async read(user: UserId, after: string, limit: number): Promise<AccountFold> {
    const [row] = await this.#session.read(selectThrough, [user]);
    const items: AccountItem[] = [];
    if (limit > 0)
      for await (const { key, value } of this.#session.rows(selectItems, [user, after], limit)) {
        if (value !== removed) items.push({ key, value: JSON.parse(value) });
        if (items.length === limit) break;
      }
    return { seq: seq(row?.through?.toNumber() ?? 0), items };
  }

  async apply(user: UserId, puts: readonly AccountPut[], through: Seq): Promise<void> {
    const statements = puts.map(({ key, value, seq }) => ({
      query: setItem,
      params: [seq, value == null ? removed : JSON.stringify(value), user, key],
    }));
    for (let from = 0; from < statements.length; from += putsAtOnce)
      await this.#session.write(statements.slice(from, from + putsAtOnce));
    await this.#session.write([{ query: setThrough, params: [through, through, user] }]);
  }
}
