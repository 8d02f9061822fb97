import type { AccountItem } from '@tidings/api/account';
import type { Clock, MakeId, Random } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import type { ServerEvent } from '@tidings/api/events';
import type { ClientId, ConversationId, DeviceId, Seq, SessionId, Timestamp, UserId } from '@tidings/api/ids';
import type { Channel } from '@tidings/bus/channel/port';
import type { Locks } from '@tidings/bus/lock/port';
import type { Log } from '@tidings/bus/log/port';
import type { Registry } from '@tidings/bus/registry/port';
import type { Sequencer } from '@tidings/bus/sequencer/port';
import type { AccountStateStore } from '@tidings/db/account-state/port';
import type { BlobStore } from '@tidings/db/blob-store/port';
import type { BotDirectory } from '@tidings/db/directory/bot-port';
import type {
  AssetDirectory,
  AssetReferenceDirectory,
  AssetSweepDirectory,
  ConversationDirectory,
  ConversationRecord,
  InviteDirectory,
  MembershipRecord,
  SessionDirectory,
  UploadDirectory,
  UserDirectory,
  UserRecord,
} from '@tidings/db/directory/port';
import type { LastSeenStore } from '@tidings/db/last-seen/port';
import type { MessageStore } from '@tidings/db/message-store/port';
import type { PictureStore } from '@tidings/db/picture-store/port';
import type { WatermarkStore } from '@tidings/db/watermark-store/port';
import type { Envelope } from './envelope.ts';

/**
 * What the services ask of each other, so that each can be read alone. Everything of the outside world comes in through
 * {@link Ports}; a profile chooses the adapters, a simulation puts faults between.
 */
export type Ports = {
  readonly clock: Clock;
  readonly random: Random;
  readonly makeId: MakeId;
  readonly logger: Logger;

  readonly messages: MessageStore;
  readonly watermarks: WatermarkStore;
  readonly accountStates: AccountStateStore;
  readonly lastSeen: LastSeenStore;

  readonly users: UserDirectory;
  readonly sessions: SessionDirectory;
  readonly conversations: ConversationDirectory;
  readonly invites: InviteDirectory;
  readonly bots: BotDirectory;
  readonly pictures: PictureStore;

  readonly assets: AssetDirectory;
  readonly assetReferences: AssetReferenceDirectory;
  readonly assetSweep: AssetSweepDirectory;
  readonly uploads: UploadDirectory;
  /** By the ids of uploads, and by hashes of what else is done by one at a time. */
  readonly locks: Locks;
  readonly blobs: BlobStore;

  readonly sequencer: Sequencer;
  readonly registry: Registry;
  readonly channel: Channel<Envelope>;
  readonly groupLog: Log<GroupNotice>;
};

/** Pino's shape, as much of it as is used. */
export interface Logger {
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
}

/** What the group message handler is told of: read the log up to here. Keyed by the conversation. */
export type GroupNotice = { readonly conversationId: ConversationId; readonly seq: Seq };

/** `read`: may see some of it · `write`: is a member now · `admin`: is an admin or the owner now. */
export type Need = 'read' | 'write' | 'admin';

/** A conversation and who is or was in it. */
export type ConversationView = {
  readonly record: ConversationRecord;
  /** Past members too; of somebody who was added again, the newest span. */
  readonly memberships: ReadonlyMap<UserId, MembershipRecord>;
  /** Members now. */
  readonly current: readonly UserId[];
};

/** What the caller may do where they asked to. Readable: [membership.joinedSeq, membership.removedSeq ?? ∞). */
export type Granted = { readonly view: ConversationView | null; readonly membership: MembershipRecord };

/**
 * The one place that decides what a user may do in a conversation (ACC1). Its cache is never behind changes that were made in
 * this process, and behind those of others for as long as {@link News} take; when these are lost, at most 5 s; while the directory
 * doesn't answer, at most 5 minutes more.
 */
export interface Access {
  /**
   * Throws `not-found` for an unknown conversation and to strangers alike (ACC3), `not-a-member` to a past member who needs
   * more than `read`, `not-an-admin` to a member without the role. An account log: `read` by its user, nothing else.
   */
  require(user: UserId, conversation: ConversationId, need: Need): Promise<Granted>;
  /** In the order asked; `null` where there is none. Concurrent calls share one query. */
  find(conversations: readonly ConversationId[]): Promise<readonly (ConversationView | null)[]>;
  /** The same, past the cache and without waiting for {@link change}. */
  fresh(conversation: ConversationId): Promise<ConversationView | null>;
  /** Past ones too. */
  membershipsOf(user: UserId): Promise<readonly MembershipRecord[]>;
  /** Who shares a conversation with the user now, and whom the user can be said to know: see `access.ts`. */
  contactsOf(user: UserId): Promise<ReadonlySet<UserId>>;
  /** Takes over what a change or creation left in the directory. */
  learn(record: ConversationRecord): void;
  /** Forgets what is cached, and what is being read: somebody else changed it. */
  forget(conversation: ConversationId): void;
  /**
   * Runs a change of a conversation: one at a time in this process, and whoever asks for the conversation meanwhile waits for
   * its end, so that nobody acts on rows that are about to change. Inside `work`, use {@link fresh} and {@link learn}.
   */
  change<T>(conversation: ConversationId, work: () => Promise<T>): Promise<T>;
}

/** Users as services need them often: names and privacy. Behind changes of other processes as {@link News} are, at most 10 s. */
export interface Profiles {
  /** In the order asked; `null` where there is none. */
  of(users: readonly UserId[]): Promise<readonly (UserRecord | null)[]>;
  learn(record: UserRecord): void;
}

/**
 * Tells all other processes what this one changed in the directory. A hint, which may be lost. When the answer is there, it is
 * on its way, before whatever is sent to the same process afterwards. Never rejects.
 */
export interface News {
  conversation(conversation: ConversationId): Promise<void>;
  user(record: UserRecord): Promise<void>;
}

/** Entries that the server writes. Delivered to everybody concerned when the call answers. */
export interface Appender {
  /** A line of a group about itself (kind `change`). Idempotent by (by, id): found again where it already stands. */
  change(line: ChangeLine): Promise<Placed>;
  /** Puts in a user's account log, in order, whatever their keys; answers the position of the last. */
  putAccount(user: UserId, items: readonly AccountItem[]): Promise<{ readonly seq: Seq }>;
}

export type ChangeLine = {
  readonly conversationId: ConversationId;
  readonly by: UserId;
  readonly id: ClientId;
  readonly content: string;
  /** Set when an earlier attempt may have written it: entries since then are searched first. */
  readonly triedSince?: Timestamp;
};

export type Placed = { readonly seq: Seq; readonly sentAt: Timestamp; readonly again: boolean };

/** Pushes to devices. Hints: never waits, never throws, may be lost. */
export interface Delivery {
  /** To every device of these users, or every one but `except`. */
  tell(users: readonly UserId[], events: readonly ServerEvent[], except?: DeviceId): void;
}

/** Ends what a session has open. */
export interface SessionGate {
  /** Closes the sockets of these sessions at every handler with `session-ended`; nothing is pushed to them afterwards. */
  end(user: UserId, sessions: readonly SessionId[]): Promise<void>;
  /** Which of the user's sessions have a connection now, as far as it can be learnt within 300 ms. */
  connected(user: UserId): Promise<ReadonlySet<SessionId>>;
}

/** The group service's part in repairing interrupted changes (GRP2). */
export interface GroupChanges {
  /** Brings the rows to where this `change` entry puts them, if they aren't there yet; then `access` knows. Idempotent. */
  settle(entry: Entry): Promise<void>;
}
