import type { ConversationId, Seq, Timestamp, UserId } from '@tidings/api/ids';
import type { Database } from 'better-sqlite3';
import type { ConversationNumbers } from '../sqlite/conversation-numbers.ts';
import type { Engine } from '../sqlite/engine.ts';
import type { MarkTimes, MarkUpdate, Watermark, WatermarkStore } from './port.ts';

/** The marks in `tidings.db`: the tables `watermark` and `mark`, see `sqlite/schema.ts`. */
export function sqliteWatermarkStore(engine: Engine): WatermarkStore {
  return {
    async advance(marks) {
      const stand = await engine.write('advanceMarks', marks.map(toArguments));
      return marks.map(({ conversation, user }, at) => toWatermark(conversation, user, stand[at] as Stand));
    },
    async ofUser(user, conversations) {
      const stands = await engine.read('marksOfUser', user, conversations);
      return stands.map((stand, at) => toWatermark(conversations[at] as ConversationId, user, stand));
    },
    async ofConversations(conversations) {
      const members = await engine.read('marksOfConversations', conversations);
      return members.map((stands, at) =>
        stands.map(([user, ...stand]) => toWatermark(conversations[at] as ConversationId, user, stand)),
      );
    },
    timesAt: (conversation, seq) => engine.read('markTimes', conversation, seq),
  };
}

type Stand = [delivered: Seq, read: Seq];
type MarkArguments = [conversation: ConversationId, user: UserId, delivered: Seq, read: Seq, at: Timestamp];
type Row = { readonly id: number; delivered: Seq; read: Seq; lastMark: number | null; moves: number };

/** Every how manieth mark of a member is in the index that `markTimes` starts from. */
const milestoneEvery = 16;
const maxRemembered = 200_000;

export function watermarkWrites(db: Database, conversations: ConversationNumbers) {
  const known = new Map<string, Row>();
  const select = db.prepare<[number, UserId], Row>(
    'SELECT id, delivered, read, last_mark AS lastMark, moves FROM watermark WHERE conversation = ? AND user = ?',
  );
  const insert = db.prepare<[number, UserId]>(
    'INSERT INTO watermark (conversation, user, delivered, read, moves) VALUES (?, ?, 0, 0, 0)',
  );
  const update = db.prepare<[Seq, Seq, number, number, number]>(
    'UPDATE watermark SET delivered = ?, read = ?, last_mark = ?, moves = ? WHERE id = ?',
  );
  const insertMark = db.prepare<[number, Seq, Seq, Timestamp, number | null, 1 | null]>(
    'INSERT INTO mark (watermark, delivered, read, at, previous, milestone) VALUES (?, ?, ?, ?, ?, ?)',
  );

  const load = (conversation: number, user: UserId): Row =>
    select.get(conversation, user) ?? {
      id: Number(insert.run(conversation, user).lastInsertRowid),
      delivered: 0 as Seq,
      read: 0 as Seq,
      lastMark: null,
      moves: 0,
    };
  const find = (name: ConversationId, user: UserId): Row => {
    const key = `${name} ${user}`;
    let row = known.get(key);
    if (row) return row;
    row = load(conversations.make(name).id, user);
    if (known.size >= maxRemembered) known.clear();
    known.set(key, row);
    return row;
  };
  const advance = ([name, user, delivered, read, at]: MarkArguments): Stand => {
    const row = find(name, user);
    const reached = Math.max(delivered, read) as Seq;
    if (reached > row.delivered || read > row.read) {
      row.delivered = Math.max(row.delivered, reached) as Seq;
      row.read = Math.max(row.read, read) as Seq;
      row.moves += 1;
      const milestone = row.moves % milestoneEvery === 0 ? 1 : null;
      row.lastMark = Number(
        insertMark.run(row.id, row.delivered, row.read, at, row.lastMark, milestone).lastInsertRowid,
      );
      update.run(row.delivered, row.read, row.lastMark, row.moves, row.id);
    }
    return [row.delivered, row.read];
  };
  return {
    advanceMarks: (marks: readonly MarkArguments[]): Stand[] => marks.map(advance),
    /** A transaction was undone: what is remembered of it isn't so. */
    forgetMarks: () => known.clear(),
  };
}

export function watermarkReads(db: Database, conversations: ConversationNumbers) {
  const one = db
    .prepare<[number, UserId], Stand>(
      'SELECT delivered, read FROM watermark WHERE conversation = ? AND user = ?',
    )
    .raw();
  const all = db
    .prepare<[number], [UserId, Seq, Seq]>(
      'SELECT user, delivered, read FROM watermark WHERE conversation = ?',
    )
    .raw();
  const reached = db.prepare<[number, Seq], Reached>(
    'SELECT id, user, read, last_mark AS lastMark FROM watermark WHERE conversation = ? AND delivered >= ?',
  );
  const firstMark = firstMarks(db);

  return {
    marksOfUser: (user: UserId, names: readonly ConversationId[]): Stand[] =>
      names.map((name) => {
        const conversation = conversations.find(name);
        return (conversation && one.get(conversation.id, user)) ?? [0 as Seq, 0 as Seq];
      }),
    marksOfConversations: (names: readonly ConversationId[]): [UserId, ...Stand][][] =>
      names.map((name) => {
        const conversation = conversations.find(name);
        return conversation ? all.all(conversation.id) : [];
      }),
    markTimes(name: ConversationId, seq: Seq): MarkTimes[] {
      const conversation = conversations.find(name);
      if (!conversation) return [];
      return reached.all(conversation.id, seq).map((member) => ({
        user: member.user,
        deliveredAt: firstMark('delivered', member, seq),
        readAt: member.read >= seq ? firstMark('read', member, seq) : null,
      }));
    },
  };
}

type Reached = { readonly id: number; readonly user: UserId; readonly read: Seq; readonly lastMark: number };
type Mark = {
  readonly delivered: Seq;
  readonly read: Seq;
  readonly at: Timestamp;
  readonly previous: number | null;
};

/**
 * When a member's marks first reached a position. Marks aren't indexed each, since that would dirty a page more with every mark;
 * they are chained backwards. So start at the first milestone that reached the position, or at the last mark of all, and walk
 * back: the milestone before didn't reach it, hence at most 15 steps. (`+?`: see the message store.)
 */
function firstMarks(db: Database) {
  const get = db.prepare<[number], Mark>('SELECT delivered, read, at, previous FROM mark WHERE id = ?');
  const milestone = (column: 'delivered' | 'read') =>
    db
      .prepare<[number, Seq, Seq], number>(
        `SELECT id FROM mark WHERE milestone IS NOT NULL AND watermark = +? AND delivered >= +? AND ${column} >= +?
         ORDER BY delivered, read LIMIT 1`,
      )
      .pluck();
  const milestones = { delivered: milestone('delivered'), read: milestone('read') };

  return (column: 'delivered' | 'read', { id, lastMark }: Reached, seq: Seq): Timestamp => {
    const start = milestones[column].get(id, seq, seq) ?? lastMark;
    let mark = get.get(start) as Mark;
    for (let before: Mark | undefined; mark.previous !== null; mark = before) {
      before = get.get(mark.previous) as Mark;
      if (before[column] < seq) break;
    }
    return mark.at;
  };
}

const toArguments = ({ conversation, user, delivered, read, at }: MarkUpdate): MarkArguments => [
  conversation,
  user,
  delivered,
  read,
  at,
];

const toWatermark = (conversation: ConversationId, user: UserId, [delivered, read]: Stand): Watermark => ({
  conversation,
  user,
  delivered,
  read,
});
