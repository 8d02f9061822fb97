import { type ConversationId, seq } from '@tidings/api/ids';
import { LRUCache } from 'lru-cache';
import type { CassandraSession, Row } from '../cassandra/session.ts';
import { bucketOf, type Tail } from './port.ts';

const nothingWritten: Tail = { seq: seq(0), sentAt: 0 };
/** Spans over fewer buckets than this are read without asking which there are. */
const fewBuckets = 4;

const selectNewest = `
  SELECT seq, sent_at, dropped, continues, WRITETIME(dropped) AS dropped_at
  FROM entry WHERE conversation = ? AND bucket = ? LIMIT 1`;
const insertBucket = 'INSERT INTO bucket (conversation, bucket) VALUES (?, ?)';
const setContinues = 'UPDATE entry SET continues = true WHERE conversation = ? AND bucket = 0';
const selectBuckets = 'SELECT bucket, dropped, tail_seq, tail_sent_at FROM bucket WHERE conversation = ?';
const selectBucketsDown =
  'SELECT bucket FROM bucket WHERE conversation = ? AND bucket >= ? AND bucket <= ? ORDER BY bucket DESC';
const selectBucketsUp =
  'SELECT bucket FROM bucket WHERE conversation = ? AND bucket >= ? AND bucket <= ? ORDER BY bucket ASC';
const selectBucket =
  'SELECT bucket, dropped, tail_seq, tail_sent_at FROM bucket WHERE conversation = ? AND bucket = ?';
const setDropped = 'UPDATE entry SET dropped = true WHERE conversation = ? AND bucket = ? IF dropped = null';
const keepTail = 'UPDATE bucket SET tail_seq = ?, tail_sent_at = ? WHERE conversation = ? AND bucket = ?';
const setListedAsDropped = 'UPDATE bucket SET dropped = true WHERE conversation = ? AND bucket = ?';
const deleteEntries = 'DELETE FROM entry USING TIMESTAMP ? WHERE conversation = ? AND bucket = ?';
const deleteEffects = 'DELETE FROM effect WHERE conversation = ? AND bucket = ?';

/**
 * Which partitions a log has, and where it ends.
 *
 * A log begins in bucket 0, and most never leave it: its newest row is the head, found by one read. Before the first cell of
 * another bucket is written, that bucket is put into the table `bucket` and bucket 0 is flagged `continues`, both at
 * LOCAL_QUORUM. So whoever reads after a cell was written finds its bucket, however far the position jumped, whichever process
 * wrote it and whatever died in between; a bucket that was announced and stayed empty is passed over.
 */
export class CassandraBuckets {
  readonly #session: CassandraSession;
  /** Announced by this process, so that it is done once in 4,096 messages. */
  readonly #announced = new LRUCache<string, true>({ max: 50_000 });
  /** Logs that are known to have left bucket 0: it isn't asked for their head. */
  readonly #long = new LRUCache<ConversationId, true>({ max: 50_000 });

  constructor(session: CassandraSession) {
    this.#session = session;
  }

  async announce(conversation: ConversationId, bucket: number): Promise<void> {
    const key = `${conversation} ${bucket}`;
    if (bucket === 0 || this.#announced.has(key)) return;
    await Promise.all([
      this.#session.write([{ query: insertBucket, params: [conversation, bucket] }]),
      this.#session.write([{ query: setContinues, params: [conversation] }]),
    ]);
    this.#announced.set(key, true);
  }

  async head(conversation: ConversationId): Promise<Tail> {
    if (!this.#long.has(conversation)) {
      const newest = await this.#newest(conversation, 0);
      if (!newest?.continues && !newest?.dropped) return tailIn(newest) ?? nothingWritten;
      this.#long.set(conversation, true);
    }
    for await (const row of this.#session.rows(selectBuckets, [conversation], 8)) {
      const tail = row.dropped ? keptTail(row) : await this.#tailOf(conversation, row.bucket.toNumber());
      if (tail) return tail;
    }
    return (await this.#tailOf(conversation, 0)) ?? nothingWritten;
  }

  /** The buckets that may have cells within first..last (positions), in the order in which `from` asks for them. */
  async *within(
    conversation: ConversationId,
    {
      first,
      last,
      from,
    }: { readonly first: number; readonly last: number; readonly from: 'oldest' | 'newest' },
  ): AsyncGenerator<number> {
    const [low, high] = [bucketOf(first), bucketOf(last)];
    if (high - low < fewBuckets) {
      const buckets = Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index);
      yield* from === 'oldest' ? buckets : buckets.reverse();
      return;
    }
    // Bucket 0 is listed only when it was dropped: it comes first or last in any case.
    if (from === 'oldest' && low === 0) yield 0;
    const query = from === 'oldest' ? selectBucketsUp : selectBucketsDown;
    for await (const row of this.#session.rows(query, [conversation, Math.max(1, low), high], 64))
      yield row.bucket.toNumber();
    if (from === 'newest' && low === 0) yield 0;
  }

  /** Lowest first, so that what is left of a log is one piece. */
  async dropUpTo(conversation: ConversationId, upTo: number): Promise<void> {
    const highest = bucketOf(upTo + 1) - 1;
    if (highest < 0) return;
    const dropped = new Set<number>();
    const buckets = [0];
    for await (const row of this.#session.rows(selectBuckets, [conversation])) {
      const bucket = row.bucket.toNumber();
      if (row.dropped) dropped.add(bucket);
      if (bucket > 0 && bucket <= highest) buckets.push(bucket);
    }
    for (const bucket of buckets.sort((a, b) => a - b))
      if (!dropped.has(bucket)) await this.#drop(conversation, bucket);
  }

  /**
   * In this order, so that it may stop anywhere and be done again, by several at once too:
   *
   * 1. The bucket is closed by a conditional write: every append is ordered before it or refused by it.
   * 2. Its tail, which can't change any more, is kept: the head stays known.
   * 3. The partition is deleted, with the timestamp just below that of 1. All cells were written by ballots before that one,
   *    so they are older, and the flag of 1 outlives the deletion. One tombstone, however many cells.
   * 4. The bucket is listed as dropped: nothing is left to do.
   */
  async #drop(conversation: ConversationId, bucket: number): Promise<void> {
    const newest = await this.#newest(conversation, bucket);
    if (newest?.seq) await this.#deleteCells(conversation, bucket);
    else if (!newest?.dropped) return;
    await this.#session.write([{ query: setListedAsDropped, params: [conversation, bucket] }]);
  }

  async #deleteCells(conversation: ConversationId, bucket: number): Promise<void> {
    await this.#session.decide([{ query: setDropped, params: [conversation, bucket] }]);
    const closed = (await this.#newest(conversation, bucket)) as Row;
    const tail = tailIn(closed);
    if (tail)
      await this.#session.write([{ query: keepTail, params: [tail.seq, tail.sentAt, conversation, bucket] }]);
    const justBefore = closed.dropped_at.subtract(1);
    await Promise.all([
      this.#session.write([{ query: deleteEntries, params: [justBefore, conversation, bucket] }]),
      this.#session.write([{ query: deleteEffects, params: [conversation, bucket] }]),
    ]);
  }

  /** `null` when nothing is in it. */
  async #tailOf(conversation: ConversationId, bucket: number): Promise<Tail | null> {
    const newest = await this.#newest(conversation, bucket);
    // It was dropped after the list of buckets was read.
    if (newest?.dropped && newest.seq === null) {
      const [row] = await this.#session.read(selectBucket, [conversation, bucket]);
      return row ? keptTail(row) : null;
    }
    return tailIn(newest);
  }

  /** The newest cell with the flags of the bucket; no cell but flags, or nothing at all. */
  async #newest(conversation: ConversationId, bucket: number): Promise<Row | undefined> {
    return (await this.#session.read(selectNewest, [conversation, bucket]))[0];
  }
}

const tailIn = (row: Row | undefined): Tail | null => (row?.seq ? toTail(row.seq, row.sent_at) : null);
const keptTail = (row: Row): Tail | null => (row.tail_seq ? toTail(row.tail_seq, row.tail_sent_at) : null);

const toTail = (position: Long, sentAt: Long): Tail => ({
  seq: seq(position.toNumber()),
  sentAt: sentAt.toNumber(),
});

type Long = { toNumber(): number };
