import type { Entry } from '@tidings/api/entry';
import type { ConversationId } from '@tidings/api/ids';
import type { CassandraSession, Statement } from '../cassandra/session.ts';
import type { CassandraBuckets } from './cassandra-buckets.ts';
import { entryColumns, toEntry } from './cassandra-rows.ts';
import { bucketOf } from './port.ts';

const insertEffect = 'INSERT INTO effect (conversation, bucket, target, seq) VALUES (?, ?, ?, ?)';
const selectEffects =
  'SELECT target, seq FROM effect WHERE conversation = ? AND bucket = ? AND target >= ? AND target <= ?';
const selectCells = `SELECT ${entryColumns} FROM entry WHERE conversation = ? AND bucket = ? AND seq IN ?`;
const cellsAtOnce = 64;

/**
 * Which entries are about a message. The table `effect` holds positions only: content has one place, where it can be erased.
 * A position is put there before its entry is written, so an effect that can be read is found; one whose entry lost its
 * cell points at somebody else's, and is passed over.
 */
export class CassandraEffects {
  readonly #session: CassandraSession;
  readonly #buckets: CassandraBuckets;

  constructor(session: CassandraSession, buckets: CassandraBuckets) {
    this.#session = session;
    this.#buckets = buckets;
  }

  async announce(conversation: ConversationId, entries: readonly Entry[]): Promise<void> {
    const byBucket = new Map<number, Statement[]>();
    for (const { target, seq } of entries) {
      if (target === undefined) continue;
      const bucket = bucketOf(target);
      const statement = { query: insertEffect, params: [conversation, bucket, target, seq] };
      byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), statement]);
    }
    await Promise.all([...byBucket.values()].map((statements) => this.#session.write(statements)));
  }

  /** All positions about the range are read, since they are in the order of their targets; of the entries only as many as asked. */
  async about(conversation: ConversationId, first: number, last: number, limit: number): Promise<Entry[]> {
    const positions = (await this.#positions(conversation, first, last)).sort((a, b) => a - b);
    const found: Entry[] = [];
    for (let from = 0; from < positions.length && found.length < limit; from += cellsAtOnce) {
      const cells = await this.#cells(conversation, positions.slice(from, from + cellsAtOnce));
      found.push(...cells.filter(({ target = -1 }) => target >= first && target <= last));
    }
    return found.slice(0, limit);
  }

  async #positions(conversation: ConversationId, first: number, last: number): Promise<number[]> {
    const positions: number[] = [];
    for await (const bucket of this.#buckets.within(conversation, { first, last, from: 'oldest' })) {
      const rows = this.#session.rows(selectEffects, [conversation, bucket, first, last]);
      for await (const row of rows) positions.push(row.seq.toNumber());
    }
    return positions;
  }

  /** Ascending, as the positions are. */
  async #cells(conversation: ConversationId, positions: readonly number[]): Promise<Entry[]> {
    const byBucket = Map.groupBy(positions, bucketOf);
    const pages = await Promise.all(
      [...byBucket].map(([bucket, cells]) => this.#session.read(selectCells, [conversation, bucket, cells])),
    );
    return pages
      .flat()
      .map((row) => toEntry(conversation, row))
      .sort((a, b) => a.seq - b.seq);
  }
}
