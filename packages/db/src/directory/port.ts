import type { GroupRole } from '@tidings/api/content';
import type {
  AssetId,
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

/**
 * Which assets are there, and who may send one that no message of theirs carries yet. Whoever needs an asset says so first and looks
 * then, and the sweep takes only what nobody has said that they need: so what was answered as being there stays there.
 */
export interface AssetDirectory {
  /** Those that are there, in no particular order. */
  stored(assets: readonly AssetId[]): Promise<readonly AssetRecord[]>;
  /** Makes claims, or renews them; answers which of the assets are there: they stay at least until then. */
  claim(claims: readonly ClaimRecord[]): Promise<readonly AssetRecord[]>;
  /** The user's claims of these assets that hold at `now`. */
  claimsOf(user: UserId, assets: readonly AssetId[], now: Timestamp): Promise<readonly ClaimRecord[]>;
  /** Takes claims back. */
  unclaim(user: UserId, assets: readonly AssetId[], now: Timestamp): Promise<void>;
  usage(user: UserId, now: Timestamp): Promise<AssetUsageRecord>;
  /**
   * An upload that was verified becomes its asset, with its blob. Of several for one asset the first does (true); the others keep their
   * blobs, which nobody needs (false). Atomic and idempotent.
   */
  keep(upload: UploadRecord, now: Timestamp): Promise<boolean>;
}

export type AssetRecord = {
  readonly id: AssetId;
  /** BLAKE2b-512 of the ciphertext, base64url. */
  readonly check: string;
  readonly bytes: number;
  /** Its name in the blob store. */
  readonly blob: string;
  readonly uploader: UserId;
  readonly storedAt: Timestamp;
};

export type ClaimRecord = {
  readonly asset: AssetId;
  readonly user: UserId;
  readonly check: string;
  readonly bytes: number;
  readonly until: Timestamp;
};

/** `stored`: bytes of assets that the user brought · `claimed`: of those that they claim and nobody has brought. */
export type AssetUsageRecord = { readonly stored: number; readonly claimed: number };

/** Which messages carry which assets. */
export interface AssetReferenceDirectory {
  /** Before the append: a send is about to carry these assets, which stay from now on. What was announced before stays as it is. */
  announce(send: CarryingSend, since: Seq, now: Timestamp): Promise<void>;
  /** After the append: it stands at this position. Idempotent; makes what was not announced, or was given up. */
  settle(send: CarryingSend, seq: Seq): Promise<void>;
  /** References of any of the assets in any of the conversations, settled or open. */
  find(
    assets: readonly AssetId[],
    conversations: readonly ConversationId[],
  ): Promise<readonly AssetReference[]>;
  /** Those that are open since before `before`, oldest first, at most `limit`: somebody crashed, or lost the directory. */
  open(before: Timestamp, limit: number): Promise<readonly AssetReference[]>;
  /** The send was not appended. What is settled by now stays. */
  giveUp(send: CarryingSend, now: Timestamp): Promise<void>;
  /** What the message at this position carried, it doesn't any more. */
  dropAt(conversation: ConversationId, seq: Seq, now: Timestamp): Promise<void>;
  /** The same of all messages at or below this position. */
  dropUpTo(conversation: ConversationId, seq: Seq, now: Timestamp): Promise<void>;
}

export type CarryingSend = {
  readonly conversation: ConversationId;
  /** As `sendKey` of the entry. */
  readonly sendKey: string;
  readonly assets: readonly AssetId[];
};

export type AssetReference = {
  readonly asset: AssetId;
  readonly conversation: ConversationId;
  readonly sendKey: string;
  /** Where the message stands; `null` while that isn't known: look for the send above `since`. */
  readonly seq: Seq | null;
  readonly since: Seq;
};

/** What the blob store may hold besides assets: uploads under way, and what is to be removed. */
export interface UploadDirectory {
  create(upload: UploadRecord): Promise<void>;
  find(id: string): Promise<UploadRecord | null>;
  /** The user's uploads of the asset that are under way, the one that rested longest first. */
  underWay(user: UserId, asset: AssetId): Promise<readonly UploadRecord[]>;
  touch(id: string, now: Timestamp): Promise<void>;
  /** Its blob was removed; the row stays, to be asked for, until it has rested. */
  emptied(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Not touched since before `before`, longest first, at most `limit`. */
  resting(before: Timestamp, limit: number): Promise<readonly UploadRecord[]>;
}

export type UploadRecord = {
  /** Also the name of its blob. */
  readonly id: string;
  readonly asset: AssetId;
  readonly user: UserId;
  readonly check: string;
  readonly bytes: number;
  readonly hasBlob: boolean;
  readonly touchedAt: Timestamp;
};

/** The collection of assets that nothing needs any more. Any number of sweepers may work at once. */
export interface AssetSweepDirectory {
  /** Forgets claims that ended before `before`, at most `limit`; answers how many. */
  expireClaims(before: Timestamp, now: Timestamp, limit: number): Promise<number>;
  /**
   * Of the assets that may be unused since before `before`, at most `limit`, removes those that no message carries and nobody claims.
   * Their blobs are left to `UploadDirectory.resting`, at once. Answers how many were looked at and removed.
   */
  removeUnused(before: Timestamp, now: Timestamp, limit: number): Promise<SweptAssets>;
}

export type SweptAssets = { readonly looked: number; readonly removed: number };
