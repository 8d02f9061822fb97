import type { Timestamp, UserId } from '@tidings/api/ids';
import type { UserRecord } from './port.ts';

/**
 * Programs: the accounts that they act as, the keys that let them, and the requests that they may make again. Every call is one
 * transaction. A service that is down: `unavailable`.
 */
export interface BotDirectory {
  /** An account without a way to sign in. Rejects with `username-taken`. */
  createBot(bot: NewBot): Promise<BotRecord>;
  /** Oldest first; at most `limit`. */
  botsOf(owner: UserId, limit: number): Promise<readonly BotRecord[]>;
  createKey(key: ApiKeyRecord): Promise<void>;
  /** Those that were not revoked, newest first; at most `limit`. */
  keysOf(owner: UserId, limit: number): Promise<readonly ApiKeyRecord[]>;
  /** The key that works now; `null` when there is none, it was revoked, or its bot or owner is gone. */
  keyByHash(hash: string): Promise<ApiKeyRecord | null>;
  /** True when it was that owner's and worked until now. */
  revokeKey(owner: UserId, key: string, at: Timestamp): Promise<boolean>;
  usedKey(key: string, at: Timestamp): Promise<void>;
  /** Notes a request, unless one of its user and key is there: answers the one that is there then. Atomic. */
  noteRequest(request: ApiRequestRecord): Promise<ApiRequestRecord>;
  /** Forgets what is older; at most `limit` of them, and answers how many. */
  forgetRequests(before: Timestamp, limit: number): Promise<number>;
}

export type NewBot = {
  readonly userId: UserId;
  readonly owner: UserId;
  readonly username: string;
  readonly displayName: string;
  readonly about: string;
  readonly createdAt: Timestamp;
};

export type BotRecord = UserRecord & { readonly owner: UserId; readonly createdAt: Timestamp };

export type ApiKeyRecord = {
  readonly id: string;
  /** SHA-256, base64url. */
  readonly hash: string;
  readonly hint: string;
  readonly name: string;
  readonly owner: UserId;
  readonly bot: UserId;
  readonly scopes: readonly string[];
  readonly createdAt: Timestamp;
  readonly lastUsedAt: Timestamp | null;
  readonly revokedAt: Timestamp | null;
};

/** `key` and `request`: hashes. `since`: the head of the log that it was first to be appended to. */
export type ApiRequestRecord = {
  readonly user: UserId;
  readonly key: string;
  readonly request: string;
  readonly since: number;
  readonly createdAt: Timestamp;
};
