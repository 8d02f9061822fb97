import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import type { ConversationId, Seq } from '@tidings/api/ids';
import { type CassandraSession, newAttempt, type Row, type Statement } from '../cassandra/session.ts';
import type { CassandraBuckets } from './cassandra-buckets.ts';
import type { CassandraEffects } from './cassandra-effects.ts';
import { given } from './cassandra-rows.ts';
import { type AppendOutcome, bucketOf } from './port.ts';

/** Of one conditional batch: what a node has to hold and to compare at once. */
const maxCells = 128;
const maxContentUnits = 512 * 1024;

/**
 * Writes a cell if it is empty and its bucket wasn't dropped. This is `INSERT … IF NOT EXISTS` with two more things to say: that
 * a dropped bucket takes nothing, and whose the cell is that stands against it.
 */
const writeCell = `
  UPDATE entry SET kind = ?, sender = ?, device = ?, client_id = ?, sent_at = ?, target = ?, content = ?, deleted = ?, attempt = ?
  WHERE conversation = ? AND bucket = ? AND seq = ?
  IF attempt = null AND dropped = null`;

/**
 * Appends, one conditional batch at a time per conversation. What is asked for while one is under way goes together in the next:
 * two batches on one partition at once would only make each other's ballots fail.
 *
 * A batch is written as a whole or not at all. When a cell of it is taken, the answer lists every taken one; the calls that
 * those belong to end before them, and what is left is tried again. Each such round ends at least one call, so there are at most
 * as many rounds as calls, and usually one.
 */
export class CassandraAppending {
  readonly #session: CassandraSession;
  readonly #buckets: CassandraBuckets;
  readonly #effects: CassandraEffects;
  readonly #lanes = new Map<ConversationId, Call[]>();

  constructor(session: CassandraSession, buckets: CassandraBuckets, effects: CassandraEffects) {
    this.#session = session;
    this.#buckets = buckets;
    this.#effects = effects;
  }

  /** Entries of one conversation, ascending. */
  append(conversation: ConversationId, entries: readonly Entry[]): Promise<readonly AppendOutcome[]> {
    const call = new Call(entries);
    const lane = this.#lanes.get(conversation);
    if (lane) lane.push(call);
    else {
      const started = [call];
      this.#lanes.set(conversation, started);
      // What the same turn asks for still comes along.
      queueMicrotask(() => void this.#run(conversation, started));
    }
    return call.outcomes;
  }

  async #run(conversation: ConversationId, lane: Call[]): Promise<void> {
    while (lane.length > 0) {
      const claims = claim(lane);
      try {
        await this.#round(conversation, claims, lane);
      } catch (error) {
        for (const { call } of claims) call.fail(error);
      }
      const left = lane.filter((call) => !call.settle());
      lane.splice(0, lane.length, ...left);
    }
    this.#lanes.delete(conversation);
  }

  async #round(conversation: ConversationId, claims: readonly Claim[], lane: readonly Call[]): Promise<void> {
    const entries = claims.map(({ entry }) => entry);
    // Readers must be able to find the cell, and whom it is about, from the moment it is there.
    await Promise.all([
      this.#buckets.announce(conversation, bucketOf((entries[0] as Entry).seq)),
      this.#effects.announce(conversation, entries),
    ]);
    const decision = await this.#session.decide(
      claims.map(({ entry, call }) => cellOf(conversation, entry, call.attempt)),
    );
    if (decision.applied) written(claims, lane);
    else if (decision.rows.some(({ dropped }) => dropped)) for (const { call } of claims) call.end();
    else refused(claims, decision.rows);
  }
}

type Claim = { readonly call: Call; readonly entry: Entry };

/** One `append`: its first `#done` entries stand, those from `#end` on are refused. */
class Call {
  readonly attempt = newAttempt();
  readonly outcomes: Promise<readonly AppendOutcome[]>;
  readonly #entries: readonly Entry[];
  readonly #resolve: (outcomes: readonly AppendOutcome[]) => void;
  readonly #reject: (error: unknown) => void;
  #done = 0;
  #end: number;
  #failed = false;

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
    this.#end = entries.length;
    const { promise, resolve, reject } = Promise.withResolvers<readonly AppendOutcome[]>();
    [this.outcomes, this.#resolve, this.#reject] = [promise, resolve, reject];
  }

  /** What may still be written, in order. */
  *pending(): Generator<Entry> {
    for (let at = this.#done; at < this.#end; at += 1) yield this.#entries[at] as Entry;
  }

  /** The next entry stands. */
  advance(): void {
    this.#done += 1;
  }

  /** LOG8: `entry` (or, when left out, the next one) is taken, and with it all behind it. */
  end(entry?: Entry): void {
    this.#end = entry ? this.#entries.indexOf(entry, this.#done) : this.#done;
  }

  fail(error: unknown): void {
    this.#failed = true;
    this.#reject(error);
  }

  /** Answers when nothing is pending any more; false while something is. */
  settle(): boolean {
    if (this.#failed) return true;
    if (this.#done < this.#end) return false;
    this.#resolve(this.#entries.map((_, at) => (at < this.#done ? 'written' : 'taken')));
    return true;
  }
}

/** What of the lane goes in one batch: one bucket, each cell once, each call up to where it has to wait for another. */
function claim(lane: readonly Call[]): Claim[] {
  const claims: Claim[] = [];
  const cells = new Set<Seq>();
  let [bucket, units] = [-1, 0];
  for (const call of lane) {
    for (const entry of call.pending()) {
      if (claims.length === 0) bucket = bucketOf(entry.seq);
      units += entry.content.length;
      const isFull = claims.length >= maxCells || (claims.length > 0 && units > maxContentUnits);
      if (isFull) return claims;
      if (bucketOf(entry.seq) !== bucket || cells.has(entry.seq)) break;
      cells.add(entry.seq);
      claims.push({ call, entry });
    }
  }
  return claims;
}

function written(claims: readonly Claim[], lane: readonly Call[]): void {
  for (const { call } of claims) call.advance();
  const cells = new Set(claims.map(({ entry }) => entry.seq));
  // Who waited for one of these cells to be refused has lost it.
  for (const call of lane) {
    const [next] = call.pending();
    if (next && cells.has(next.seq)) call.end();
  }
}

/** A cell with the own attempt was written by a try before, whose answer got lost. */
function refused(claims: readonly Claim[], rows: readonly Row[]): void {
  const attempts = new Map<Seq, Buffer>();
  // A single statement answers without its key.
  if (claims.length === 1 && rows[0]?.attempt) attempts.set((claims[0] as Claim).entry.seq, rows[0].attempt);
  else for (const { seq, attempt } of rows) if (attempt) attempts.set(seq.toNumber(), attempt);
  const ended = new Set<Call>();
  let known = 0;
  for (const { call, entry } of claims) {
    const attempt = attempts.get(entry.seq);
    if (!attempt || ended.has(call)) continue;
    known += 1;
    if (attempt.equals(call.attempt)) call.advance();
    else {
      call.end(entry);
      ended.add(call);
    }
  }
  if (known === 0) throw new TidingsError('unavailable', 'refused, but no cell is taken');
}

const cellOf = (conversation: ConversationId, entry: Entry, attempt: Buffer): Statement => ({
  query: writeCell,
  params: [
    entry.kind,
    entry.sender,
    given(entry.device),
    given(entry.clientId),
    entry.sentAt,
    given(entry.target),
    entry.content,
    given(entry.deleted),
    attempt,
    conversation,
    bucketOf(entry.seq),
    entry.seq,
  ],
});
