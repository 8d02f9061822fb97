import type { Database } from 'better-sqlite3';

/**
 * The layout of `tidings.db`. It is made for appending: a row of `entry` or `mark` goes at the end of its table, so that a
 * commit of a hundred messages in a hundred conversations writes few pages twice. Ids of conversations are long, so rows
 * carry a number instead.
 *
 * - `conversation`  the number of each conversation that was ever written to, and its tail when buckets were dropped
 * - `entry`         the logs; the unique index is what makes a cell write-once
 * - `watermark`     the marks as they stand, one row a member
 * - `mark`          each mark when it moved, chained back by `previous`; every 16th of a member is in an index (see `timesAt`)
 * - `account_*`     the folds of account logs; a removed key stays, with `value` null, so that an older put can't revive it
 * - `last_seen`     when each user last did something
 */
const migrations = [
  `
  CREATE TABLE conversation (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    dropped_to   INTEGER NOT NULL DEFAULT 0,
    tail_seq     INTEGER NOT NULL DEFAULT 0,
    tail_sent_at INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE entry (
    id           INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    sender       TEXT NOT NULL,
    device       TEXT,
    client_id    TEXT,
    sent_at      INTEGER NOT NULL,
    target       INTEGER,
    content      TEXT NOT NULL,
    deleted      INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX entry_cell ON entry (conversation, seq);
  CREATE INDEX entry_target ON entry (conversation, target) WHERE target IS NOT NULL;

  CREATE TABLE watermark (
    id           INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    user         TEXT NOT NULL,
    delivered    INTEGER NOT NULL,
    read         INTEGER NOT NULL,
    last_mark    INTEGER,
    moves        INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX watermark_member ON watermark (conversation, user);

  CREATE TABLE mark (
    id        INTEGER PRIMARY KEY,
    watermark INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    read      INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    previous  INTEGER,
    milestone INTEGER
  ) STRICT;
  CREATE INDEX mark_milestone ON mark (watermark, delivered, read) WHERE milestone IS NOT NULL;

  CREATE TABLE account_item (
    user  TEXT NOT NULL,
    key   TEXT NOT NULL,
    value TEXT,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (user, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE account_fold (user TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE last_seen (user TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
];

/** Brings a file up to date in one transaction. Throws when a newer version of the program wrote it. */
export function migrateStores(db: Database): void {
  const bringUpToDate = db.transaction(() => {
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version > migrations.length) throw new Error(`${db.name} was written by a newer version of Tidings`);
    for (const sql of migrations.slice(version)) db.exec(sql);
    db.pragma(`user_version = ${migrations.length}`);
  });
  bringUpToDate.immediate();
}
