import type { GroupRole } from '@tidings/api/content';
import type {
  ConversationId,
  DeviceId,
  PictureId,
  Seq,
  SessionId,
  Timestamp,
  UserId,
} from '@tidings/api/ids';
import type { Me, MeUpdate, Profile } from '@tidings/api/user';

/**
 * Users, sessions, conversations and who is in them: rows that change seldom and are read often, so that callers cache them
 * (see `access.ts` of the server). Every call is one transaction. A service that is down: `unavailable`.
 */
export interface UserDirectory {
  /** Those that exist, in no particular order. */
  profiles(users: readonly UserId[]): Promise<readonly UserRecord[]>;
  byUsername(username: string): Promise<UserRecord | null>;
  /** `not-found` when there is no such user. */
  update(user: UserId, update: MeUpdate): Promise<UserRecord>;
  /** By prefix of a word of the display name, or of the username; case folded; at most `limit`. */
  search(query: string, limit: number): Promise<readonly UserRecord[]>;
}

export type UserRecord = Profile &
  Pick<Me, 'lastSeenAudience' | 'onlineAudience' | 'readReceipts'> & { readonly role: string };

export interface SessionDirectory {
  /** The unexpired sessions with these tokens, in no particular order. One query for all. */
  byTokens(tokens: readonly string[]): Promise<readonly SessionRecord[]>;
  ofUser(user: UserId): Promise<readonly SessionRecord[]>;
  /** Those of the named sessions that are still valid: a handler asks for its own from time to time. */
  stillValid(sessions: readonly SessionId[]): Promise<readonly SessionId[]>;
  bind(session: SessionId, to: { deviceId?: DeviceId; name?: string; lastUsedAt?: Timestamp }): Promise<void>;
  /** True when it existed and was that user's. */
  remove(user: UserId, session: SessionId): Promise<boolean>;
  removeOthers(user: UserId, keep: SessionId): Promise<readonly SessionId[]>;
}

export type SessionRecord = {
  readonly sessionId: SessionId;
  readonly token: string;
  readonly userId: UserId;
  readonly deviceId: DeviceId | null;
  readonly name: string;
  readonly createdAt: Timestamp;
  readonly lastUsedAt: Timestamp;
  readonly expiresAt: Timestamp;
  readonly role: string;
};

export interface ConversationDirectory {
  /** With all memberships, past ones too; those that exist, in no particular order. */
  conversations(ids: readonly ConversationId[]): Promise<readonly ConversationRecord[]>;
  /** The memberships of each user, past ones too; in the order asked. One query for all. */
  membershipsOf(users: readonly UserId[]): Promise<readonly (readonly MembershipRecord[])[]>;
  /** Makes the conversation with its first members; what is there already stays as it is. True when it was made now. */
  create(conversation: NewConversation): Promise<boolean>;
  /**
   * A group's change in two steps around the entry in its log, so that a crash in between is repaired by anyone:
   * `intend` stores what is to be done, `apply` does it at the entry's position and forgets the intent, both idempotent.
   */
  intend(intent: ChangeIntent): Promise<void>;
  apply(intent: ChangeIntent, seq: Seq, at: Timestamp): Promise<ConversationRecord>;
  /** Intents older than `before`, oldest first, at most 100; of one conversation when named. */
  pending(before: Timestamp, conversation?: ConversationId): Promise<readonly ChangeIntent[]>;
  /** Ids of all conversations in ascending order, those above `after`: for sweeps such as retention. */
  list(after: ConversationId | null, limit: number): Promise<readonly ConversationId[]>;
}

export type NewConversation = {
  readonly id: ConversationId;
  readonly createdBy: UserId;
  readonly createdAt: Timestamp;
  readonly name?: string;
  readonly description?: string;
  readonly members: readonly { readonly userId: UserId; readonly role: GroupRole; readonly joinedSeq: Seq }[];
};

export type ConversationRecord = {
  readonly id: ConversationId;
  readonly name: string;
  readonly description: string;
  readonly iconId: PictureId | null;
  readonly createdAt: Timestamp;
  readonly createdBy: UserId;
  /** Grows with every change. */
  readonly version: number;
  readonly members: readonly MembershipRecord[];
};

/** Readable: [joinedSeq, removedSeq ?? ∞). A user who is added again starts a new span. */
export type MembershipRecord = {
  readonly conversationId: ConversationId;
  readonly userId: UserId;
  readonly role: GroupRole;
  readonly joinedSeq: Seq;
  readonly removedSeq: Seq | null;
  readonly joinedAt: Timestamp;
};

/** What happens to rows when a group's change takes its position. */
export type ChangeIntent = {
  /** Also the clientId of the log entry, which makes appending it idempotent. */
  readonly id: string;
  readonly conversationId: ConversationId;
  readonly by: UserId;
  readonly createdAt: Timestamp;
  /** The entry's content: a `GroupChange` as JSON. */
  readonly content: string;
  readonly effects: readonly MembershipEffect[];
};

export type MembershipEffect =
  | { readonly type: 'join'; readonly userId: UserId; readonly role: GroupRole }
  | { readonly type: 'leave'; readonly userId: UserId }
  | { readonly type: 'role'; readonly userId: UserId; readonly role: GroupRole }
  | {
      readonly type: 'set';
      readonly name?: string;
      readonly description?: string;
      readonly iconId?: PictureId | null;
    };

export interface InviteDirectory {
  create(invite: InviteRecord): Promise<void>;
  /** Unexpired ones with uses left. */
  ofUser(user: UserId, now: Timestamp): Promise<readonly InviteRecord[]>;
  /** Takes one use; false when there is none left, it expired or never was. Atomic. */
  use(code: string, now: Timestamp): Promise<boolean>;
  /** True when it was that user's. */
  revoke(user: UserId, code: string): Promise<boolean>;
}

export type InviteRecord = {
  readonly code: string;
  readonly createdBy: UserId;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp;
  readonly maxUses: number;
  readonly uses: number;
};
