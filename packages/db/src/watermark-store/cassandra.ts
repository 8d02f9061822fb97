import { type ConversationId, type Seq, seq, type UserId } from '@tidings/api/ids';
import { LRUCache } from 'lru-cache';
import { allOrError } from '../cassandra/all-or-error.ts';
import type { CassandraSession, Row, Statement } from '../cassandra/session.ts';
import { CassandraMarkTimes } from './cassandra-mark-times.ts';
import type { MarkTimes, MarkUpdate, Watermark, WatermarkStore } from './port.ts';

const setDelivered =
  'UPDATE watermark USING TIMESTAMP ? SET delivered = ? WHERE conversation = ? AND user = ?';
const setRead = 'UPDATE watermark USING TIMESTAMP ? SET read = ? WHERE conversation = ? AND user = ?';
const columns = 'user, delivered, read';
const selectUsers = `SELECT ${columns} FROM watermark WHERE conversation = ? AND user IN ?`;
const selectAll = `SELECT ${columns} FROM watermark WHERE conversation = ?`;

/** Members of one group whose marks go in one batch: their histories are a partition each. */
const membersAtOnce = 8;
/** Rows of history that go with the marks; more are a very late device's, and go before them. */
const historyAtOnce = 2 * membersAtOnce;
const maxRemembered = 100_000;

type Stand = { readonly delivered: number; readonly read: number };
/** What one call makes of a member's marks: from where to where, and by which steps. */
type Move = Stand & { readonly user: UserId; readonly before: Stand; readonly history: Statement[] };

const nowhere: Stand = { delivered: 0, read: 0 };

/**
 * The marks in Cassandra: the tables `watermark` and `mark`, see `cassandra/schema/watermarks.cql`.
 *
 * Each column is written `USING TIMESTAMP` of its own value. Of two writes the later timestamp stays, which here is the higher
 * position, so a mark can't fall whatever the order, also on replicas that were away; of equal timestamps the values are equal
 * too. A write of `read` brings `delivered` along in the same row, so that no reader sees `read` above it.
 *
 * `advance` writes, then reads, both at LOCAL_QUORUM: the answer holds what any process raised before. What it needs to know
 * beforehand is only from where a mark moves; a stand that was remembered will do, since the true one isn't lower.
 */
export class CassandraWatermarkStore implements WatermarkStore {
  readonly #session: CassandraSession;
  readonly #times: CassandraMarkTimes;
  /** Lower bounds of stands, by conversation and user. */
  readonly #stands = new LRUCache<string, Stand>({ max: maxRemembered });

  constructor(session: CassandraSession) {
    this.#session = session;
    this.#times = new CassandraMarkTimes(session);
  }

  async advance(marks: readonly MarkUpdate[]): Promise<readonly Watermark[]> {
    const stands = new Map<string, Stand>();
    await allOrError(
      [...Map.groupBy(marks, (mark) => mark.conversation)].map(async ([conversation, own]) => {
        for (const [user, stand] of await this.#advance(conversation, own))
          stands.set(keyOf(conversation, user), stand);
      }),
    );
    return marks.map(({ conversation, user }) =>
      toWatermark(conversation, user, stands.get(keyOf(conversation, user)) ?? nowhere),
    );
  }

  ofUser(user: UserId, conversations: readonly ConversationId[]): Promise<readonly Watermark[]> {
    return Promise.all(
      conversations.map(async (conversation) => {
        const stands = await this.#read(conversation, [user]);
        return toWatermark(conversation, user, stands.get(user) ?? nowhere);
      }),
    );
  }

  ofConversations(conversations: readonly ConversationId[]): Promise<readonly (readonly Watermark[])[]> {
    return Promise.all(conversations.map((conversation) => this.#ofConversation(conversation)));
  }

  async timesAt(conversation: ConversationId, seq: Seq): Promise<readonly MarkTimes[]> {
    const members = await this.#ofConversation(conversation);
    return this.#times.at(
      seq,
      members.filter(({ delivered }) => delivered >= seq),
    );
  }

  async #ofConversation(conversation: ConversationId): Promise<Watermark[]> {
    const members: Watermark[] = [];
    for await (const row of this.#session.rows(selectAll, [conversation]))
      members.push(toWatermark(conversation, row.user, standIn(row)));
    return members;
  }

  async #advance(
    conversation: ConversationId,
    marks: readonly MarkUpdate[],
  ): Promise<ReadonlyMap<UserId, Stand>> {
    const users = [...new Set(marks.map(({ user }) => user))];
    const before = await this.#lowerBounds(conversation, users);
    const moves = new Map(users.map((user) => [user, startAt(user, before.get(user) ?? nowhere)]));
    for (const mark of marks) moves.set(mark.user, this.#moved(moves.get(mark.user) as Move, mark));
    await this.#write(
      conversation,
      [...moves.values()].filter(({ history }) => history.length > 0),
    );
    const stands = await this.#read(conversation, users);
    for (const [user, stand] of stands) this.#stands.set(keyOf(conversation, user), stand);
    return stands;
  }

  async #lowerBounds(
    conversation: ConversationId,
    users: readonly UserId[],
  ): Promise<ReadonlyMap<UserId, Stand>> {
    const known = new Map<UserId, Stand>();
    for (const user of users) {
      const stand = this.#stands.get(keyOf(conversation, user));
      if (stand) known.set(user, stand);
    }
    const unknown = users.filter((user) => !known.has(user));
    if (unknown.length === 0) return known;
    return new Map([...known, ...(await this.#read(conversation, unknown))]);
  }

  async #read(conversation: ConversationId, users: readonly UserId[]): Promise<Map<UserId, Stand>> {
    const stands = new Map<UserId, Stand>();
    for await (const row of this.#session.rows(selectUsers, [conversation, users]))
      stands.set(row.user, standIn(row));
    return stands;
  }

  #moved(move: Move, mark: MarkUpdate): Move {
    const read = Math.max(move.read, mark.read);
    const delivered = Math.max(move.delivered, mark.delivered, read);
    const history = [...move.history];
    if (delivered > move.delivered) history.push(this.#times.insert(mark, 'delivered', delivered));
    if (read > move.read) history.push(this.#times.insert(mark, 'read', read));
    return { ...move, delivered, read, history };
  }

  async #write(conversation: ConversationId, moves: readonly Move[]): Promise<void> {
    const batches: Promise<void>[] = [];
    for (let from = 0; from < moves.length; from += membersAtOnce)
      batches.push(this.#writeBatch(conversation, moves.slice(from, from + membersAtOnce)));
    await allOrError(batches);
  }

  /**
   * The history goes with the marks: of a direct conversation in one mutation, which is there as a whole or not at all. Of a group
   * it is other partitions, so that a coordinator that dies may have written the one and not the other; then the time of
   * that mark is the next one's, or unknown.
   */
  async #writeBatch(conversation: ConversationId, moves: readonly Move[]): Promise<void> {
    const history = moves.flatMap((move) => move.history);
    while (history.length > historyAtOnce) await this.#session.write(history.splice(0, historyAtOnce));
    await this.#session.write([...moves.flatMap((move) => marksOf(conversation, move)), ...history]);
  }
}

const startAt = (user: UserId, stand: Stand): Move => ({ user, before: stand, ...stand, history: [] });

function marksOf(conversation: ConversationId, { user, before, delivered, read }: Move): Statement[] {
  const statements: Statement[] = [];
  if (delivered > before.delivered)
    statements.push({ query: setDelivered, params: [delivered, delivered, conversation, user] });
  if (read > before.read) statements.push({ query: setRead, params: [read, read, conversation, user] });
  return statements;
}

const keyOf = (conversation: ConversationId, user: UserId): string => `${conversation} ${user}`;

const standIn = (row: Row): Stand => ({
  delivered: row.delivered?.toNumber() ?? 0,
  read: row.read?.toNumber() ?? 0,
});

const toWatermark = (conversation: ConversationId, user: UserId, { delivered, read }: Stand): Watermark => ({
  conversation,
  user,
  delivered: seq(delivered),
  read: seq(read),
});
