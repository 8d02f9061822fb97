import type { AccountItem } from '@tidings/api/account';
import type { AssetHashes } from '@tidings/api/asset';
import type { Entry } from '@tidings/api/entry';
import type { ErrorCode } from '@tidings/api/errors';
import type { ClientId, ConversationId, Seq, Timestamp, UserId } from '@tidings/api/ids';
import type { Head } from '@tidings/api/sync';
import type { Profile } from '@tidings/api/user';

/**
 * What a device keeps: a cache of the logs, and the outbox and drafts, which are truth until they are sent.
 *
 * - `apply` is atomic and durable (strict): after it answers, a crash of the browser loses none of it.
 * - One writer of everything but the outbox and account items (the leader tab's engine); any number of readers.
 * - Full or refused storage rejects with {@link LocalStoreFull}; what was there stays.
 */
export interface LocalStore {
  apply(changes: readonly LocalChange[]): Promise<void>;
  conversation(id: ConversationId): Promise<LocalConversation | null>;
  conversations(): Promise<readonly LocalConversation[]>;
  /** Held entries with first ≤ seq ≤ last, ascending; at most `limit`, from the end that `from` names. */
  entries(
    conversation: ConversationId,
    first: Seq,
    last: Seq,
    from: 'oldest' | 'newest',
    limit: number,
  ): Promise<readonly LocalEntry[]>;
  /** Held entries that carry one of these send keys, ascending by seq. */
  entriesBySend(conversation: ConversationId, sendKeys: readonly string[]): Promise<readonly LocalEntry[]>;
  /** In the order in which they were first put. */
  outbox(): Promise<readonly OutboxItem[]>;
  /** Values by exact key; `undefined` where there is none. */
  items(keys: readonly string[]): Promise<readonly unknown[]>;
  /** Forgets everything (sign-out). */
  wipe(): Promise<void>;
}

export class LocalStoreFull extends Error {
  constructor(cause?: unknown) {
    super('this device has no room left, or refuses to keep data', { cause });
    this.name = 'LocalStoreFull';
  }
}

export type LocalChange =
  | { readonly type: 'put-conversation'; readonly conversation: LocalConversation }
  | { readonly type: 'drop-conversation'; readonly id: ConversationId }
  /** Replaces rows at the same position. */
  | { readonly type: 'put-entries'; readonly entries: readonly LocalEntry[] }
  /** Cache eviction or a lost membership: positions first..last, both included. */
  | {
      readonly type: 'drop-entries';
      readonly conversation: ConversationId;
      readonly first: Seq;
      readonly last: Seq;
    }
  | { readonly type: 'put-outbox'; readonly item: OutboxItem }
  | { readonly type: 'drop-outbox'; readonly clientIds: readonly ClientId[] }
  /** Account items and the engine's own (keys beginning with `~`); value null removes. */
  | { readonly type: 'put-items'; readonly items: readonly AccountItem[] }
  | { readonly type: 'put-profiles'; readonly profiles: readonly Profile[] };

/** Positions held, both included. */
export type SeqRange = { readonly first: Seq; readonly last: Seq };

/** A conversation as this device knows it: the newest head it heard of, and what it holds of the log. */
export type LocalConversation = Omit<Head, 'last' | 'unread'> & {
  /** Ascending, disjoint, not adjacent. A position in a range is final: entry, or nothing to show. */
  readonly ranges: readonly SeqRange[];
  /** Derived when entries or marks move: what a badge shows; 1,000 means "or more". */
  readonly unread: number;
  /** The newest line to show in the list. */
  readonly last: LocalEntry | null;
  /** From the account's state, merged here so that a list is one read. */
  readonly pinnedAt: Timestamp | null;
  /** Until when; 0 = for ever; null = not muted. */
  readonly mutedUntil: Timestamp | null;
  readonly archived: boolean;
  /** Positions up to here are hidden by oneself. */
  readonly clearedSeq: Seq;
  readonly draft: string | null;
  /** headAt of the newest line, or of the newest local send: the order of the list. */
  readonly activityAt: Timestamp;
};

/** An entry with what later entries made of it. */
export type LocalEntry = Entry & {
  /** 1: shows as a line of its own (message or change, not hidden, not a duplicate); 0: it doesn't. An index key. */
  readonly visible: 0 | 1;
  /** `sendKey(entry)`, an index key; '' where there is none. */
  readonly send: string;
  /** The newest edit: its content stands in `content`. */
  readonly editedSeq?: Seq;
  readonly editedAt?: Timestamp;
  /** Emoji → who, in the order they reacted. */
  readonly reactions?: Readonly<Record<string, readonly UserId[]>>;
  /** Per user the seq of their newest reaction entry applied, so that order of arrival doesn't matter. */
  readonly reactionSeqs?: Readonly<Record<string, Seq>>;
  /** Deleted for oneself. */
  readonly hidden?: true;
  readonly starredAt?: Timestamp;
  /** A later copy of a send that stands at a lower position: void for every reader. */
  readonly duplicate?: true;
};

/** What waits to be sent. Shown at the end of its conversation until its entry is there. */
export type OutboxItem = {
  readonly clientId: ClientId;
  readonly conversationId: ConversationId;
  readonly kind: 'message' | 'edit' | 'delete' | 'reaction';
  readonly target?: Seq;
  readonly content: string;
  /** The assets that the content refers to; empty as long as its files aren't ready. Absent when it has none. */
  readonly assets?: readonly AssetHashes[];
  /** By this device's clock. */
  readonly createdAt: Timestamp;
  /** Since when nothing but a line was missing, when it had to wait for files (its own, or of what stands before it): it expires from then on. */
  readonly readyAt?: Timestamp;
  /** Set before the first attempt: the head known then. Its presence makes the next attempt a retry. */
  readonly triedSince?: Seq;
  readonly state: /** Its files are being made ready; `content` stands for them. It isn't sent, nor is what stands behind it in its conversation (ASSET10). */
    | { readonly type: 'preparing' }
    /** Its files are on this device, and as far as known not all at the server. Likewise. */
    | { readonly type: 'uploading' }
    | { readonly type: 'waiting' }
    /** Refused for good, or older than 24 h: shows Retry / Copy / Delete. */
    | { readonly type: 'failed'; readonly code: ErrorCode | 'expired' }
    /** Acknowledged: stays until the entry itself is stored, then goes in the same transaction. */
    | { readonly type: 'sent'; readonly seq: Seq; readonly sentAt: Timestamp };
};
