import type { ConversationId, Seq, Timestamp, UserId } from '@tidings/api/ids';

/**
 * Two numbers per (conversation, member): up to where it was delivered and read.
 *
 * - **Monotone**: a lower value never replaces a higher one, whatever the order of calls, also across processes.
 * - **Durable** when `advance` answers. Calls may be coalesced.
 * - Times: the store keeps when each mark first reached a position, so that "when was message 7 read" has an answer
 *   (the time of the first mark ≥ 7). It may thin that history out for messages older than 90 days.
 */
export interface WatermarkStore {
  /** Raises marks; `read` above `delivered` raises `delivered` too. Answers the marks as they stand now, in order. */
  advance(marks: readonly MarkUpdate[]): Promise<readonly Watermark[]>;
  /** Of one user in many conversations, in the order asked; zeros where there is none. */
  ofUser(user: UserId, conversations: readonly ConversationId[]): Promise<readonly Watermark[]>;
  /** Of all users that have any, per conversation, in the order asked. */
  ofConversations(conversations: readonly ConversationId[]): Promise<readonly (readonly Watermark[])[]>;
  /** When each user's marks first reached `seq`; users that never did are left out. */
  timesAt(conversation: ConversationId, seq: Seq): Promise<readonly MarkTimes[]>;
}

export type MarkUpdate = {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly delivered: Seq;
  readonly read: Seq;
  readonly at: Timestamp;
};

export type Watermark = {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly delivered: Seq;
  readonly read: Seq;
};

export type MarkTimes = {
  readonly user: UserId;
  readonly deliveredAt: Timestamp | null;
  readonly readAt: Timestamp | null;
};
