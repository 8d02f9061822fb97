import { type ConversationId, type Seq, seq, type UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import type { LocalEntry, LocalStore, OutboxItem } from '@tidings/client/local-store';

/** What the views read, beyond what the engine itself reads. */
export interface LocalReads extends Pick<LocalStore, 'conversation' | 'conversations' | 'outbox' | 'items'> {
  /** Entries that show as a line, first ≤ seq ≤ last, ascending; at most `limit`, from the end that `from` names. */
  lines(
    conversation: ConversationId,
    first: Seq,
    last: Seq,
    from: 'oldest' | 'newest',
    limit: number,
  ): Promise<readonly LocalEntry[]>;
  /** What waits to be sent in one conversation, in the order in which it was put. */
  waiting(conversation: ConversationId): Promise<readonly OutboxItem[]>;
  /** Positions of the messages of a conversation that the user starred, the newest first; this device may hold none of them. */
  starred(conversation: ConversationId): Promise<readonly Seq[]>;
  /** In the order asked; `undefined` where this device knows none. */
  profiles(users: readonly UserId[]): Promise<readonly (Profile | undefined)[]>;
}

/**
 * The store of this device: the engine's, and live for the views. In IndexedDB changes of other tabs are seen too; in memory
 * (a browser that refuses to keep anything) each tab has its own.
 */
export interface DeviceStore extends LocalStore, LocalReads {
  /**
   * Runs `read` now and again whenever something that it read has changed; what one run reads belongs to one moment. It may
   * wait for nothing but `reads`. The answer ends it.
   */
  live<T>(read: (reads: LocalReads) => Promise<T>, listener: (value: T) => void): () => void;
  /** Sign-out: takes the whole store away, also from under other tabs. It can't be used any more. */
  destroy(): Promise<void>;
  close(): void;
}

/** The positions out of the keys of stars, the newest first. */
export const starredSeqs = (conversation: ConversationId, keys: readonly string[]): readonly Seq[] =>
  keys.map((key) => seq(Number(key.slice(starPrefix(conversation).length)))).sort((a, b) => b - a);

export const starPrefix = (conversation: ConversationId): string => `star:${conversation}:`;
