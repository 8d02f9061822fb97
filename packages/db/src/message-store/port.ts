import type { Entry } from '@tidings/api/entry';
import type { ConversationId, Seq, Timestamp } from '@tidings/api/ids';

/**
 * The logs: write-once cells at (conversation, seq).
 *
 * - **Atomic per cell**: of any number of concurrent writers of one cell exactly one gets `written`, and every read
 *   from then on returns that writer's entry.
 * - **Durable**: what was answered `written` survives the loss of the process and of the machine's power.
 * - **Prefix per call**: of the entries of one conversation in one `append` (in ascending order), none is written behind one that is
 *   taken: they answer `taken` too. So a caller that tries again keeps their order.
 * - **Not ordered** between calls: a cell may be written before lower ones; holes are the caller's affair (see the message service).
 * - Calls may be coalesced; a failure rejects every call that was in the failed commit, and each of their cells may or
 *   may not have been written: read it to know. Full disk: `storage-full`; anything else that is down: `unavailable`.
 */
export interface MessageStore {
  /** Writes each entry into its cell if that is empty. Outcomes in the order given. */
  append(entries: readonly Entry[]): Promise<readonly AppendOutcome[]>;
  /** The written entries in each span, ascending; holes are simply not there. Answers in the order asked. */
  read(spans: readonly Span[]): Promise<readonly (readonly Entry[])[]>;
  /** The highest written cell of each conversation and when it was sent; `{seq: 0, sentAt: 0}` where nothing is. */
  heads(conversations: readonly ConversationId[]): Promise<readonly Tail[]>;
  /** Entries with `target` in [first, last], ascending by seq, at most `limit`. */
  effects(conversation: ConversationId, first: Seq, last: Seq, limit: number): Promise<readonly Entry[]>;
  /** How many `message` entries by others than `reader`, not deleted, stand in (after, upTo]; stops counting at `cap`. */
  countUnread(queries: readonly UnreadQuery[], cap: number): Promise<readonly number[]>;
  /** Erases the content of a cell and flags it deleted, for ever. Idempotent; nothing happens on an empty cell. */
  redact(conversation: ConversationId, seq: Seq): Promise<void>;
  /** Retention: drops whole buckets of `bucketSize` cells that lie entirely at or below `upTo`. Heads stay known. */
  dropBuckets(conversation: ConversationId, upTo: Seq): Promise<void>;
}

export type AppendOutcome = 'written' | 'taken';

/** Positions first..last, both included; at most `limit` entries, from the end that `from` names. */
export type Span = {
  readonly conversation: ConversationId;
  readonly first: Seq;
  readonly last: Seq;
  readonly from: 'oldest' | 'newest';
  readonly limit: number;
};

export type Tail = { readonly seq: Seq; readonly sentAt: Timestamp };

export type UnreadQuery = {
  readonly conversation: ConversationId;
  readonly reader: string;
  readonly after: Seq;
  readonly upTo: Seq;
};

/** Cells of one bucket: seq 1..4095 are in bucket 0, since bucket = ⌊seq / 4096⌋. */
export const bucketSize = 4_096;
export const bucketOf = (position: number): number => Math.floor(position / bucketSize);
