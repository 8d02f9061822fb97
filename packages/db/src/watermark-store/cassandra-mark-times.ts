import type { ConversationId, Timestamp, UserId } from '@tidings/api/ids';
import type { CassandraSession, Statement } from '../cassandra/session.ts';
import type { MarkTimes, Watermark } from './port.ts';

type Kind = 'delivered' | 'read';

export type MovedMark = {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly kind: Kind;
  readonly position: number;
  readonly at: Timestamp;
};

const insertMark = `
  INSERT INTO mark (conversation, user, bucket, kind, position, at) VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ?`;
/** Few rows: a process that remembered too low a stand may have noted a late mark, below a higher one that came before it. */
const selectMarks = `
  SELECT user, at FROM mark
  WHERE conversation = ? AND user IN ? AND bucket = ? AND kind = ? AND position >= ? PER PARTITION LIMIT 8`;

const bucketOf = (position: number): number => Math.floor(position / 65_536);
/** Users whose histories, a partition each, are asked for in one request. */
const usersAtOnce = 32;

/** When marks moved: the table `mark`. */
export class CassandraMarkTimes {
  readonly #session: CassandraSession;

  constructor(session: CassandraSession) {
    this.#session = session;
  }

  /** The earlier the mark, the higher its timestamp: of two processes that note a position, the first time stays. */
  insert({ conversation, user, kind, position, at }: MovedMark): Statement {
    const timestamp = Number.MAX_SAFE_INTEGER - at;
    return {
      query: insertMark,
      params: [conversation, user, bucketOf(position), kind, position, at, timestamp],
    };
  }

  /** When the marks of `members`, who all have it delivered, first stood at `position` or above. */
  async at(
    conversation: ConversationId,
    position: number,
    members: readonly Watermark[],
  ): Promise<MarkTimes[]> {
    const readers = members.filter(({ read }) => read >= position);
    const [delivered, read] = await Promise.all([
      this.#first('delivered', conversation, position, members),
      this.#first('read', conversation, position, readers),
    ]);
    return members.map(({ user }) => ({
      user,
      deliveredAt: delivered.get(user) ?? null,
      readAt: read.get(user) ?? null,
    }));
  }

  async #first(
    kind: Kind,
    conversation: ConversationId,
    position: number,
    members: readonly Watermark[],
  ): Promise<Map<UserId, Timestamp>> {
    const times = new Map<UserId, Timestamp>();
    let left = members;
    // Who jumped over the end of a bucket has their next mark in a later one.
    for (let bucket = bucketOf(position); left.length > 0; bucket += 1) {
      await this.#readTimes([conversation, bucket, kind, position], left, times);
      left = left.filter((member) => !times.has(member.user) && bucketOf(member[kind]) > bucket);
    }
    return times;
  }

  async #readTimes(
    [conversation, bucket, kind, position]: readonly [ConversationId, number, Kind, number],
    members: readonly Watermark[],
    times: Map<UserId, Timestamp>,
  ): Promise<void> {
    const users = members.map(({ user }) => user);
    const reads: Promise<void>[] = [];
    for (let from = 0; from < users.length; from += usersAtOnce) {
      const some = users.slice(from, from + usersAtOnce);
      reads.push(
        this.#session.read(selectMarks, [conversation, some, bucket, kind, position]).then((rows) => {
          for (const { user, at } of rows)
            times.set(user, Math.min(times.get(user) ?? Number.POSITIVE_INFINITY, at.toNumber()));
        }),
      );
    }
    await Promise.all(reads);
  }
}
