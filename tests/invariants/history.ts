import type { AccountItem } from '@tidings/api/account';
import type { Entry } from '@tidings/api/entry';
import type { ClientId, ConversationId, DeviceId, Seq, Timestamp, UserId } from '@tidings/api/ids';

/** What a run did and what was seen of it, whoever ran it: the simulation in one process, or the nemesis on real ones. */
export type History = {
  /** Every send that was durable in a device's outbox, in the order in which it came there. */
  readonly sends: readonly Send[];
  /** Each acknowledgement that a device got. */
  readonly acknowledgements: readonly Acknowledgement[];
  /** Each change of marks that a device or its server reported, in the order seen. */
  readonly marks: readonly MarkSeen[];
  /** The logs as the store holds them when all is over, complete and ascending; account logs among them. */
  readonly logs: ReadonlyMap<ConversationId, readonly Entry[]>;
  /** The marks as the store holds them when all is over. Left out where nobody looked. */
  readonly storedMarks?: readonly StoredMark[];
  /** Memberships as the directory has them when all is over. */
  readonly spans: readonly MemberSpan[];
  /** Each position that a server let a device have, by whatever route. Left out where nobody looked. */
  readonly received?: readonly Received[];
  /** Two attempts at a send can have been under way without knowing of each other: of two programs, at two servers, or at one that died. */
  readonly mayDouble?: boolean;
  /** How far one server may be behind what another changed of a group (see `Access`); 0 with one server. */
  readonly accessLagMs?: number;
  /** What each device shows at rest. */
  readonly views: readonly DeviceView[];
};

export type Send = {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly clientId: ClientId;
  readonly conversationId: ConversationId;
  readonly kind: string;
  readonly content: string;
  /** It failed for good, also where nobody heard of that; was tried again by hand, or the user threw it away: it may be anywhere or nowhere. */
  readonly givenUp?: true;
};

export type Acknowledgement = {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly clientId: ClientId;
  readonly conversationId: ConversationId;
  readonly seq: Seq;
};

export type MarkSeen = {
  readonly where: string;
  readonly conversationId: ConversationId;
  readonly user: UserId;
  readonly delivered: Seq;
  readonly read: Seq;
};

export type StoredMark = Omit<MarkSeen, 'where'>;

/** Readable: joinedSeq to removedSeq, both included; to the end when that is null. */
export type MemberSpan = {
  readonly conversationId: ConversationId;
  readonly user: UserId;
  readonly joinedSeq: Seq;
  readonly removedSeq: Seq | null;
};

export type Received = {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly conversationId: ConversationId;
  readonly seq: Seq;
  /** When the server gave it out, by its clock. */
  readonly at: Timestamp;
};

export type DeviceView = {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly conversations: readonly ConversationView[];
  /** The account's state as this device has it. Left out where nobody looked. */
  readonly items?: readonly AccountItem[];
};

export type ConversationView = {
  readonly conversationId: ConversationId;
  readonly head: Seq;
  readonly delivered: Seq;
  readonly read: Seq;
  /** Minimum over the other members; left out where nobody looked. */
  readonly others?: { readonly delivered: Seq; readonly read: Seq };
  readonly unread: number;
  /** Positions held, both included, ascending. */
  readonly ranges: readonly { readonly first: Seq; readonly last: Seq }[];
  /** Rows that show, ascending. */
  readonly rows: readonly Row[];
  /** Sends of this device that still wait. */
  readonly waiting: readonly ClientId[];
};

export type Row = {
  readonly seq: Seq;
  readonly sender: UserId;
  readonly device: string;
  readonly clientId: string;
  readonly content: string;
  readonly deleted: boolean;
  /** The user deleted it for themselves: here, but not shown. */
  readonly hidden?: true;
  readonly reactions: Readonly<Record<string, readonly string[]>>;
};
