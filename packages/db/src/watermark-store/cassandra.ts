import { type Clock, systemClock } from '@tidings/api/clock';
import { type ConversationId, type Seq, seq, type UserId } from '@tidings/api/ids';
import { LRUCache } from 'lru-cache';
import type { CassandraSession, Row, Statement } from '../cassandra/session.ts';
import { CassandraMarkTimes } from './cassandra-mark-times.ts';
import type { MarkTimes, MarkUpdate, Watermark, WatermarkStore } from './port.ts';

const setDelivered =
  'UPDATE watermark USING TIMESTAMP ? SET delivered = ? WHERE conversation = ? AND user = ?';
const setRead = 'UPDATE watermark USING TIMESTAMP ? SET read = ? WHERE conversation = ? AND user = ?';
const columns = 'user, delivered, read';
const selectUsers = `SELECT ${columns} FROM watermark WHERE conversation = ? AND user IN ?`;
const selectAll = `SELECT ${columns} FROM watermark WHERE conversation = ?`;

/** Members of one conversation whose marks go in one batch: their histories are a partition each. */
const membersAtOnce = 8;
const maxRemembered = 100_000;
/** How long what another process raised may be missing from an answer of `advance`. */
const rememberedMs = 60_000;

type Stand = { readonly delivered: number; readonly read: number };
/** What one call makes of a member's marks: where they come to stand, and how they moved there. */
type Move = Stand & { readonly user: UserId; readonly before: Stand; readonly history: Statement[] };

const nowhere: Stand = { delivered: 0, read: 0 };

/**
 * The marks in Cassandra: the tables `watermark` and `mark`, see `cassandra/schema/watermarks.cql`.
 *
 * Each column is written `USING TIMESTAMP` of its own value. Of two writes the later timestamp stays, which here is the higher
 * position, so a mark can't fall whatever the order, also on replicas that were away; of equal timestamps the values are equal
 * too. A write of `read` brings `delivered` along in the same row, so that no reader sees `read` above it.
 *
 * Where a member's marks stand is remembered for a minute after they were read or written, since a mark follows the other within
 * seconds and through the same process: then nothing is read. So an answer holds this call's own marks and all that this
 * process knows of; what another process raised may be missing for that long. Nobody is told less for it: that process tells.
 */
export class CassandraWatermarkStore implements WatermarkStore {
  readonly #session: CassandraSession;
  readonly #times: CassandraMarkTimes;
  readonly #stands: LRUCache<string, Stand>;

  constructor(session: CassandraSession, clock: Clock = systemClock) {
    this.#session = session;
    this.#times = new CassandraMarkTimes(session);
    this.#stands = new LRUCache({ max: maxRemembered, ttl: rememberedMs, perf: clock });
  }

  async advance(marks: readonly MarkUpdate[]): Promise<readonly Watermark[]> {
    const answers = new Array<Watermark>(marks.length);
    const byConversation = Map.groupBy(marks.keys(), (at) => (marks[at] as MarkUpdate).conversation);
    const advances = [...byConversation].map(async ([conversation, places]) => {
      const own = places.map((at) => marks[at] as MarkUpdate);
      for (const [at, answer] of (await this.#advance(conversation, own)).entries())
        answers[places[at] as number] = answer;
    });
    for (const result of await Promise.allSettled(advances))
      if (result.status === 'rejected') throw result.reason;
    return answers;
  }

  async ofUser(user: UserId, conversations: readonly ConversationId[]): Promise<readonly Watermark[]> {
    return Promise.all(
      conversations.map(async (conversation) => {
        const [row] = await this.#session.read(selectUsers, [conversation, [user]]);
        return toWatermark(conversation, user, row ? standIn(row) : nowhere);
      }),
    );
  }

  ofConversations(conversations: readonly ConversationId[]): Promise<readonly (readonly Watermark[])[]> {
    return Promise.all(conversations.map((conversation) => this.#ofConversation(conversation)));
  }

  async timesAt(conversation: ConversationId, seq: Seq): Promise<readonly MarkTimes[]> {
    const reached = (await this.#ofConversation(conversation)).filter(({ delivered }) => delivered >= seq);
    return this.#times.at(conversation, seq, reached);
  }

  async #ofConversation(conversation: ConversationId): Promise<Watermark[]> {
    const members: Watermark[] = [];
    for await (const row of this.#session.rows(selectAll, [conversation]))
      members.push(toWatermark(conversation, row.user, standIn(row)));
    return members;
  }

  async #advance(conversation: ConversationId, marks: readonly MarkUpdate[]): Promise<Watermark[]> {
    const stands = await this.#standsOf(conversation, new Set(marks.map(({ user }) => user)));
    const moves = new Map<UserId, Move>();
    const answers = marks.map((mark) => {
      const move = moves.get(mark.user) ?? startAt(mark.user, stands.get(mark.user) ?? nowhere);
      const moved = this.#moved(move, mark);
      moves.set(mark.user, moved);
      return toWatermark(conversation, mark.user, moved);
    });
    await this.#write(
      conversation,
      [...moves.values()].filter(({ history }) => history.length > 0),
    );
    for (const [user, { delivered, read }] of moves) this.#remember(conversation, user, { delivered, read });
    return answers;
  }

  #moved(move: Move, { conversation, user, delivered, read, at }: MarkUpdate): Move {
    const next = {
      delivered: Math.max(move.delivered, delivered, read),
      read: Math.max(move.read, read),
    };
    const history = [...move.history];
    for (const kind of ['delivered', 'read'] as const)
      if (next[kind] > move[kind])
        history.push(this.#times.insert({ conversation, user, kind, position: next[kind], at }));
    return { ...move, ...next, history };
  }

  /**
   * The history goes with the marks. Its rows are other partitions, so that a coordinator that dies may have written the one and
   * not the other; then the time of that mark is the next one's, or unknown.
   */
  async #write(conversation: ConversationId, moves: readonly Move[]): Promise<void> {
    const batches: Promise<void>[] = [];
    for (let from = 0; from < moves.length; from += membersAtOnce)
      batches.push(this.#writeBatch(conversation, moves.slice(from, from + membersAtOnce)));
    for (const result of await Promise.allSettled(batches))
      if (result.status === 'rejected') throw result.reason;
  }

  async #writeBatch(conversation: ConversationId, moves: readonly Move[]): Promise<void> {
    const marks = moves.flatMap((move) => marksOf(conversation, move));
    const history = moves.flatMap((move) => move.history);
    // A long history in one call is a test's, or a very late device's: it would be too large a batch.
    while (history.length > 2 * membersAtOnce)
      await this.#session.write(history.splice(0, 2 * membersAtOnce));
    await this.#session.write([...marks, ...history]);
  }

  async #standsOf(conversation: ConversationId, users: ReadonlySet<UserId>): Promise<Map<UserId, Stand>> {
    const stands = new Map<UserId, Stand>();
    const unknown: UserId[] = [];
    for (const user of users) {
      const known = this.#stands.get(keyOf(conversation, user));
      if (known) stands.set(user, known);
      else unknown.push(user);
    }
    if (unknown.length > 0)
      for await (const row of this.#session.rows(selectUsers, [conversation, unknown]))
        stands.set(row.user, standIn(row));
    return stands;
  }

  #remember(conversation: ConversationId, user: UserId, { delivered, read }: Stand): void {
    const key = keyOf(conversation, user);
    const known = this.#stands.get(key) ?? nowhere;
    const stand = { delivered: Math.max(known.delivered, delivered), read: Math.max(known.read, read) };
    // What was not read again grows no older by being used: it is asked for when its minute is over.
    this.#stands.set(key, stand, { noUpdateTTL: true });
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
