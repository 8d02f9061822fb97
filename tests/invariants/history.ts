import type { Entry } from '@tidings/api/entry';
import type { ClientId, ConversationId, DeviceId, Seq, UserId } from '@tidings/api/ids';

/** What a run did and what was seen of it, whoever ran it: the simulation in one process, or the nemesis on real ones. */
export type History = {
  /** Every send that a user made, in the order made. */
  readonly sends: readonly Send[];
  /** Each acknowledgement that a device got. */
  readonly acknowledgements: readonly Acknowledgement[];
  /** Each change of marks that a device or its server reported, in the order seen. */
  readonly marks: readonly MarkSeen[];
  /** The logs as the store holds them when all is over, complete and ascending. */
  readonly logs: ReadonlyMap<ConversationId, readonly Entry[]>;
  readonly spans: readonly MemberSpan[];
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
};

export type Acknowledgement = { readonly user: UserId; readonly device: DeviceId; readonly clientId: ClientId; readonly conversationId: ConversationId; readonly seq: Seq };

export type MarkSeen = {
  readonly where: string;
  readonly conversationId: ConversationId;
  readonly user: UserId;
  readonly delivered: Seq;
  readonly read: Seq;
};

export type MemberSpan = { readonly conversationId: ConversationId; readonly user: UserId; readonly joinedSeq: Seq; readonly removedSeq: Seq | null };

export type DeviceView = { readonly user: UserId; readonly device: DeviceId; readonly conversations: readonly ConversationView[] };

export type ConversationView = {
  readonly conversationId: ConversationId;
  readonly head: Seq;
  readonly delivered: Seq;
  readonly read: Seq;
  readonly unread: number;
  /** Positions held, both included, ascending. */
  readonly ranges: readonly { readonly first: Seq; readonly last: Seq }[];
  /** Rows that show, ascending. */
  readonly rows: readonly Row[];
  /** Sends of this device that still wait or failed. */
  readonly waiting: readonly ClientId[];
};

export type Row = {
  readonly seq: Seq;
  readonly sender: UserId;
  readonly device: string;
  readonly clientId: string;
  readonly content: string;
  readonly deleted: boolean;
  readonly reactions: Readonly<Record<string, readonly string[]>>;
};
