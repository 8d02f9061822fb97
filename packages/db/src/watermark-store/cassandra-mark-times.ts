import { type ConversationId, conversationKind, type Timestamp, type UserId } from '@tidings/api/ids';
import type { CassandraSession, Statement } from '../cassandra/session.ts';
import type { MarkTimes, MarkUpdate, Watermark } from './port.ts';

type Kind = 'delivered' | 'read';
type Member = Pick<Watermark, 'conversation' | 'user'>;
type Place = { readonly history: string; readonly series: string };

const insertMark = 'INSERT INTO mark (history, series, position, at) VALUES (?, ?, ?, ?) USING TIMESTAMP ?';
/**
 * Some rows, not the first alone: a process that remembered too low a stand may have noted a late mark, below a higher one that
 * came before it.
 */
const selectMarks = `
  SELECT history, at FROM mark WHERE history IN ? AND series = ? AND position >= ? PER PARTITION LIMIT 8`;

/** Histories, a partition each, that are asked for in one request. */
const historiesAtOnce = 32;
const bucketOf = (position: number): number => Math.floor(position / 65_536);

/** When marks moved: the table `mark`. */
export class CassandraMarkTimes {
  readonly #session: CassandraSession;

  constructor(session: CassandraSession) {
    this.#session = session;
  }

  /** The earlier the mark, the higher its timestamp: of two processes that note a position, the first time stays. */
  insert(mark: MarkUpdate, kind: Kind, position: number): Statement {
    const { history, series } = placeOf(mark, kind, bucketOf(position));
    const timestamp = Number.MAX_SAFE_INTEGER - mark.at;
    return { query: insertMark, params: [history, series, position, mark.at, timestamp] };
  }

  /** When the marks of `members`, who all have it delivered, first stood at `position` or above. */
  async at(position: number, members: readonly Watermark[]): Promise<MarkTimes[]> {
    const readers = members.filter(({ read }) => read >= position);
    const [delivered, read] = await Promise.all([
      this.#first('delivered', position, members),
      this.#first('read', position, readers),
    ]);
    return members.map(({ user }) => ({
      user,
      deliveredAt: delivered.get(user) ?? null,
      readAt: read.get(user) ?? null,
    }));
  }

  async #first(kind: Kind, position: number, members: readonly Watermark[]): Promise<Map<UserId, Timestamp>> {
    const times = new Map<UserId, Timestamp>();
    let left = members;
    // Who jumped over the end of a bucket has their next mark in a later one.
    for (let bucket = bucketOf(position); left.length > 0; bucket += 1) {
      const users = new Map(left.map((member) => [keyOf(placeOf(member, kind, bucket)), member.user]));
      const places = left.map((member) => placeOf(member, kind, bucket));
      for (const [place, at] of await this.#earliest(places, position))
        times.set(users.get(place) as UserId, at);
      left = left.filter((member) => !times.has(member.user) && bucketOf(member[kind]) > bucket);
    }
    return times;
  }

  /** By place. All members of a group have the same series in histories of their own, so that they are asked for together. */
  async #earliest(places: readonly Place[], position: number): Promise<Map<string, Timestamp>> {
    const times = new Map<string, Timestamp>();
    const requests: Promise<void>[] = [];
    for (const [series, own] of Map.groupBy(places, (place) => place.series))
      for (let from = 0; from < own.length; from += historiesAtOnce) {
        const histories = own.slice(from, from + historiesAtOnce).map(({ history }) => history);
        const request = this.#session.read(selectMarks, [histories, series, position]).then((rows) => {
          for (const { history, at } of rows) {
            const key = keyOf({ history, series });
            times.set(key, Math.min(times.get(key) ?? Number.POSITIVE_INFINITY, at.toNumber()));
          }
        });
        requests.push(request);
      }
    await Promise.all(requests);
    return times;
  }
}

function placeOf({ conversation, user }: Member, kind: Kind, bucket: number): Place {
  return isShared(conversation)
    ? { history: conversation, series: `${kind} ${user}` }
    : { history: `${conversation} ${user} ${bucket}`, series: kind };
}

const isShared = (conversation: ConversationId): boolean => conversationKind(conversation) === 'direct';

const keyOf = ({ history, series }: Place): string => `${history} ${series}`;
