import { countsFor, type Entry } from '@tidings/api/entry';
import type { ConversationId, Seq } from '@tidings/api/ids';
import { allOrError } from '../cassandra/all-or-error.ts';
import type { CassandraSession } from '../cassandra/session.ts';
import { CassandraAppending } from './cassandra-appending.ts';
import { CassandraBuckets } from './cassandra-buckets.ts';
import { CassandraEffects } from './cassandra-effects.ts';
import { entryColumns, toEntry } from './cassandra-rows.ts';
import {
  type AppendOutcome,
  bucketOf,
  type MessageStore,
  type Span,
  type Tail,
  type UnreadQuery,
} from './port.ts';

const span = `SELECT ${entryColumns} FROM entry WHERE conversation = ? AND bucket = ? AND seq >= ? AND seq <= ?`;
const selectDown = `${span} ORDER BY seq DESC LIMIT ?`;
const selectUp = `${span} ORDER BY seq ASC LIMIT ?`;
const selectKinds =
  'SELECT kind, sender, deleted FROM entry WHERE conversation = ? AND bucket = ? AND seq > ? AND seq <= ?';
/** Erases what stands, and only that: an empty cell has no attempt. */
const erase = `
  UPDATE entry SET content = '', deleted = true WHERE conversation = ? AND bucket = ? AND seq = ? IF attempt != null`;

/** Entries may have 96 KiB each, and a page is in memory as a whole. */
const pageRows = 128;
const maxCountedRows = 1_000;

/**
 * The logs in Cassandra: the tables `entry`, `bucket` and `effect`, see `cassandra/schema/messages.cql`.
 *
 * **Why plain reads see every answered write.** A cell is written by Paxos (LOCAL_SERIAL), whose commit is answered when a
 * LOCAL_QUORUM of replicas has it, and a LOCAL_QUORUM read meets at least one of those. `taken` is as certain: a round of
 * Paxos first finishes, on a quorum, what another round left half-way, and only then compares. What a plain read may miss is
 * an entry that was accepted and not committed because its coordinator died; nobody was told of that one, so it is like one
 * whose writer is slow, and the round that seals its cell finishes it first. What a plain read has seen stays: it is repaired
 * onto a quorum before it is answered. All of this counts within one data centre: two that both take writes would be two logs.
 *
 * **Why a redaction lasts.** It is a round of Paxos too. Its ballot is above that of the append, and columns carry their
 * ballot as timestamp; no later append gets past its condition. An append that was accepted before and is finished late keeps
 * its old, lower ballot. A plain write here would carry this process's clock, which may be behind the ballot's.
 */
export class CassandraMessageStore implements MessageStore {
  readonly #session: CassandraSession;
  readonly #buckets: CassandraBuckets;
  readonly #effects: CassandraEffects;
  readonly #appending: CassandraAppending;

  constructor(session: CassandraSession) {
    this.#session = session;
    this.#buckets = new CassandraBuckets(session);
    this.#effects = new CassandraEffects(session, this.#buckets);
    this.#appending = new CassandraAppending(session, this.#buckets, this.#effects);
  }

  async append(entries: readonly Entry[]): Promise<readonly AppendOutcome[]> {
    const outcomes = new Array<AppendOutcome>(entries.length);
    const byConversation = Map.groupBy(entries.keys(), (at) => (entries[at] as Entry).conversationId);
    const appends = [...byConversation].map(async ([conversation, places]) => {
      const own = places.map((at) => entries[at] as Entry);
      for (const [at, outcome] of (await this.#appending.append(conversation, own)).entries())
        outcomes[places[at] as number] = outcome;
    });
    await allOrError(appends);
    return outcomes;
  }

  read(spans: readonly Span[]): Promise<readonly (readonly Entry[])[]> {
    return Promise.all(spans.map((span) => this.#span(span)));
  }

  heads(conversations: readonly ConversationId[]): Promise<readonly Tail[]> {
    return Promise.all(conversations.map((conversation) => this.#buckets.head(conversation)));
  }

  effects(conversation: ConversationId, first: Seq, last: Seq, limit: number): Promise<readonly Entry[]> {
    return this.#effects.about(conversation, first, last, limit);
  }

  countUnread(queries: readonly UnreadQuery[], cap: number): Promise<readonly number[]> {
    return Promise.all(queries.map((query) => this.#countUnread(query, cap)));
  }

  async redact(conversation: ConversationId, seq: Seq): Promise<void> {
    await this.#session.decide([{ query: erase, params: [conversation, bucketOf(seq), seq] }]);
  }

  dropBuckets(conversation: ConversationId, upTo: Seq): Promise<void> {
    return this.#buckets.dropUpTo(conversation, upTo);
  }

  async #span(span: Span): Promise<Entry[]> {
    const { conversation, first, last, limit } = span;
    // Rows lie newest first, and are cheaper to read that way; where all are wanted, the order is free.
    const isWhole = limit > last - first;
    const from = isWhole ? 'newest' : span.from;
    const found: Entry[] = [];
    for await (const bucket of this.#buckets.within(conversation, { first, last, from })) {
      const rows = this.#session.rows(
        from === 'oldest' ? selectUp : selectDown,
        [conversation, bucket, first, last, limit - found.length],
        pageRows,
      );
      for await (const row of rows) found.push(toEntry(conversation, row));
      if (found.length >= limit) break;
    }
    return from === 'oldest' ? found : found.reverse();
  }

  async #countUnread({ conversation, reader, after, upTo }: UnreadQuery, cap: number): Promise<number> {
    let count = 0;
    const span = { first: after + 1, last: upTo, from: 'newest' } as const;
    for await (const bucket of this.#buckets.within(conversation, span)) {
      const pageRows = Math.max(1, Math.min(cap, maxCountedRows));
      const rows = this.#session.rows(selectKinds, [conversation, bucket, after, upTo], pageRows);
      for await (const { kind, sender, deleted } of rows) {
        if (countsFor({ kind, sender, ...(deleted && { deleted }) }, reader)) count += 1;
        if (count >= cap) return cap;
      }
    }
    return count;
  }
}
