import type { AccountItem } from '@tidings/api/account';
import type { Seq, UserId } from '@tidings/api/ids';
import type { Database } from 'better-sqlite3';
import type { Engine } from '../sqlite/engine.ts';
import type { AccountFold, AccountPut, AccountStateStore } from './port.ts';

/** The folds in `tidings.db`: the tables `account_item` and `account_fold`, see `sqlite/schema.ts`. */
export function sqliteAccountStateStore(engine: Engine): AccountStateStore {
  return {
    read: (user, after, limit) => engine.read('readAccount', user, after, limit),
    apply: (user, puts, through) => engine.write('applyAccount', user, puts, through),
  };
}

export function accountWrites(db: Database) {
  const put = db.prepare<[UserId, string, string | null, Seq]>(
    `INSERT INTO account_item (user, key, value, seq) VALUES (?, ?, ?, ?)
     ON CONFLICT (user, key) DO UPDATE SET value = excluded.value, seq = excluded.seq WHERE excluded.seq > seq`,
  );
  const move = db.prepare<[UserId, Seq]>(
    `INSERT INTO account_fold (user, seq) VALUES (?, ?)
     ON CONFLICT (user) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq`,
  );
  return {
    applyAccount(user: UserId, puts: readonly AccountPut[], through: Seq): void {
      for (const { key, value, seq } of puts)
        put.run(user, key, value == null ? null : JSON.stringify(value), seq);
      move.run(user, through);
    },
  };
}

export function accountReads(db: Database) {
  const position = db.prepare<[UserId], Seq>('SELECT seq FROM account_fold WHERE user = ?').pluck();
  const items = db.prepare<[UserId, string, number], { key: string; value: string }>(
    'SELECT key, value FROM account_item WHERE user = ? AND key > ? AND value IS NOT NULL ORDER BY key LIMIT ?',
  );
  return {
    readAccount(user: UserId, after: string, limit: number): AccountFold {
      const found = items.all(user, after, limit);
      return { seq: position.get(user) ?? (0 as Seq), items: found.map(parse) };
    },
  };
}

const parse = ({ key, value }: { key: string; value: string }): AccountItem => ({
  key,
  value: JSON.parse(value),
});
