import type { Entry } from '@tidings/api/entry';
import type { ClientId, ConversationId, DeviceId, Seq, UserId } from '@tidings/api/ids';
import type { Database } from 'better-sqlite3';
import type { ConversationNumbers } from '../sqlite/conversation-numbers.ts';
import type { Engine } from '../sqlite/engine.ts';
import {
  type AppendOutcome,
  bucketOf,
  bucketSize,
  type MessageStore,
  type Span,
  type Tail,
  type UnreadQuery,
} from './port.ts';

/** The logs in `tidings.db`: the table `entry`, see `sqlite/schema.ts`. */
export function sqliteMessageStore(engine: Engine): MessageStore {
  return {
    append: (entries) => engine.write('appendEntries', entries.map(toRow)),
    async read(spans) {
      const pages = await engine.read('readEntries', spans);
      return pages.map((rows, at) => rows.map((row) => toEntry((spans[at] as Span).conversation, row)));
    },
    heads: (conversations) => engine.read('heads', conversations),
    async effects(conversation, first, last, limit) {
      const rows = await engine.read('effects', conversation, first, last, limit);
      return rows.map((row) => toEntry(conversation, row));
    },
    countUnread: (queries, cap) => engine.read('countUnread', queries, cap),
    redact: (conversation, seq) => engine.write('redact', conversation, seq),
    async dropBuckets(conversation, upTo) {
      // A commit each, so that a long log doesn't hold up everybody's messages.
      while (await engine.write('dropOldestBucket', conversation, upTo));
    },
  };
}

/** An entry without its conversation, in the order of the columns. */
type EntryRow = [
  seq: Seq,
  kind: string,
  sender: UserId,
  device: DeviceId | null,
  clientId: ClientId | null,
  sentAt: number,
  target: Seq | null,
  content: string,
  deleted: 0 | 1,
];
type NewEntry = [conversation: ConversationId, ...EntryRow];

const columns = 'seq, kind, sender, device, client_id, sent_at, target, content, deleted';

/*
 * Parameters of searches are written `+?`. A table with a partial index is searched by a plan that may hang on the value of a
 * parameter, so SQLite prepares the statement anew whenever another value is bound, which takes ten times as long as the
 * search. It doesn't look at the value of an expression.
 */
export function messageWrites(db: Database, conversations: ConversationNumbers) {
  const insert = db.prepare<[number, ...EntryRow]>(
    `INSERT INTO entry (conversation, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (conversation, seq) DO NOTHING`,
  );
  const redact = db.prepare<[number, Seq]>(
    "UPDATE entry SET content = '', deleted = 1 WHERE conversation = ? AND seq = ?",
  );
  const oldest = db.prepare<[number], Seq>('SELECT min(seq) FROM entry WHERE conversation = +?').pluck();
  const newest = db.prepare<[number], Tail>(selectTail);
  const drop = db.prepare<[number, number]>('DELETE FROM entry WHERE conversation = +? AND seq <= +?');
  const keepTail = db.prepare<[number, Seq, number, number]>(
    'UPDATE conversation SET dropped_to = ?, tail_seq = ?, tail_sent_at = ? WHERE id = ?',
  );

  const writeCell = ([name, ...row]: NewEntry): AppendOutcome => {
    const { id, droppedTo } = conversations.make(name);
    if (row[0] <= droppedTo) return 'taken';
    return insert.run(id, ...row).changes === 1 ? 'written' : 'taken';
  };
  return {
    appendEntries(entries: readonly NewEntry[]): AppendOutcome[] {
      const stopped = new Set<ConversationId>();
      return entries.map((entry) => {
        const outcome = stopped.has(entry[0]) ? 'taken' : writeCell(entry);
        if (outcome === 'taken') stopped.add(entry[0]);
        return outcome;
      });
    },
    redact(name: ConversationId, seq: Seq): void {
      const conversation = conversations.find(name);
      if (conversation) redact.run(conversation.id, seq);
    },
    /** True while there is more to drop. */
    dropOldestBucket(name: ConversationId, upTo: Seq): boolean {
      const conversation = conversations.find(name);
      const first = conversation && oldest.get(conversation.id);
      if (!conversation || !first) return false;
      const lastOfBucket = (bucketOf(first) + 1) * bucketSize - 1;
      if (lastOfBucket > upTo) return false;
      const tail = newest.get(conversation.id) as Tail;
      keepTail.run(lastOfBucket, tail.seq, tail.sentAt, conversation.id);
      drop.run(conversation.id, lastOfBucket);
      conversations.forget();
      return true;
    },
  };
}

const selectTail =
  'SELECT seq, sent_at AS sentAt FROM entry WHERE conversation = +? ORDER BY seq DESC LIMIT 1';

export function messageReads(db: Database, conversations: ConversationNumbers) {
  const span = `SELECT ${columns} FROM entry WHERE conversation = +? AND seq BETWEEN +? AND +? ORDER BY seq`;
  const fromOldest = db.prepare<[number, Seq, Seq, number], EntryRow>(`${span} LIMIT ?`).raw();
  const fromNewest = db.prepare<[number, Seq, Seq, number], EntryRow>(`${span} DESC LIMIT ?`).raw();
  const newest = db.prepare<[number], Tail>(selectTail);
  const keptTail = db.prepare<[number], Tail>(
    'SELECT tail_seq AS seq, tail_sent_at AS sentAt FROM conversation WHERE id = ?',
  );
  const effects = db
    .prepare<[number, Seq, Seq, number], EntryRow>(
      `SELECT ${columns} FROM entry WHERE conversation = +? AND target BETWEEN +? AND +? ORDER BY seq LIMIT ?`,
    )
    .raw();
  const unread = db
    .prepare<[number, Seq, Seq, string, number], number>(
      `SELECT count(*) FROM (SELECT 1 FROM entry WHERE conversation = +? AND seq > +? AND seq <= +?
       AND kind = 'message' AND sender <> +? AND deleted = 0 LIMIT ?)`,
    )
    .pluck();

  return {
    readEntries: (spans: readonly Span[]): EntryRow[][] =>
      spans.map(({ conversation: name, first, last, from, limit }) => {
        const conversation = conversations.find(name);
        if (!conversation) return [];
        if (from === 'oldest') return fromOldest.all(conversation.id, first, last, limit);
        return fromNewest.all(conversation.id, first, last, limit).reverse();
      }),
    heads: (names: readonly ConversationId[]): Tail[] =>
      names.map((name) => {
        const conversation = conversations.find(name);
        return (
          (conversation && (newest.get(conversation.id) ?? keptTail.get(conversation.id))) ?? nothingWritten
        );
      }),
    effects(name: ConversationId, first: Seq, last: Seq, limit: number): EntryRow[] {
      const conversation = conversations.find(name);
      return conversation ? effects.all(conversation.id, first, last, limit) : [];
    },
    countUnread: (queries: readonly UnreadQuery[], cap: number): number[] =>
      queries.map(({ conversation: name, reader, after, upTo }) => {
        const conversation = conversations.find(name);
        return conversation ? (unread.get(conversation.id, after, upTo, reader, cap) as number) : 0;
      }),
  };
}

const nothingWritten: Tail = { seq: 0 as Seq, sentAt: 0 };

function toRow(entry: Entry): NewEntry {
  return [
    entry.conversationId,
    entry.seq,
    entry.kind,
    entry.sender,
    entry.device ?? null,
    entry.clientId ?? null,
    entry.sentAt,
    entry.target ?? null,
    entry.content,
    entry.deleted ? 1 : 0,
  ];
}

function toEntry(conversationId: ConversationId, row: EntryRow): Entry {
  const [seq, kind, sender, device, clientId, sentAt, target, content, deleted] = row;
  return {
    conversationId,
    seq,
    kind,
    sender,
    ...(device === null ? {} : { device }),
    ...(clientId === null ? {} : { clientId }),
    sentAt,
    ...(target === null ? {} : { target }),
    content,
    ...(deleted ? { deleted: true } : {}),
  };
}
