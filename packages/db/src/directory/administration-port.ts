import type { DeviceId, SessionId, Timestamp, UserId } from '@tidings/api/ids';
import type { InviteRecord } from './port.ts';

/** What operators look up, and what they do. */
export interface AdministrationDirectory {
  /**
   * Those that exist, in no particular order; one query for all. As of now, never of a copy: who may come in and who is an operator is
   * decided by it.
   */
  accounts(users: readonly UserId[]): Promise<readonly AccountRecord[]>;
  /**
   * By name, then id: those above `after`, at most `limit`; with a query, those whom the search for people finds. Two queries, however
   * many are found.
   */
  people(page: PeoplePage): Promise<readonly PersonRecord[]>;
  /**
   * Does it and writes it into the audit log, in one transaction: both are there, or neither. Answers which sessions it ended.
   *
   * @throws TidingsError `not-found` when what it is done to isn't there or is like that already; `not-allowed` when it would take the
   * last operator away, or keep an operator out.
   */
  act(by: Actor, act: Act): Promise<readonly SessionId[]>;
  /** Newest first: those below position `before`. There is no way to change or remove one. */
  audit(before: number | null, limit: number): Promise<readonly AuditRecord[]>;
  /** Makes this user an operator if nobody was ever asked for before, here or at another process: true once in a directory's life. */
  claimFirst(by: Actor): Promise<boolean>;
  /** What operators have set, by name. */
  settings(): Promise<ReadonlyMap<string, string>>;
  /** Invitations of everybody that are valid at `now`, newest first. */
  openInvites(now: Timestamp, limit: number): Promise<readonly InviteRecord[]>;
}

export type AccountRecord = {
  readonly userId: UserId;
  readonly username: string;
  readonly role: string;
  readonly suspendedAt: Timestamp | null;
};

export type PersonRecord = AccountRecord & {
  readonly displayName: string;
  readonly createdAt: Timestamp;
  /** Sessions that are valid now. */
  readonly devices: number;
  /** Of any of them; `null` without one. */
  readonly lastUsedAt: Timestamp | null;
};

export type PeoplePage = {
  readonly query: string;
  readonly after: { readonly name: string; readonly userId: string } | null;
  readonly limit: number;
};

export type Actor = { readonly userId: UserId; readonly deviceId: DeviceId; readonly at: Timestamp };

export type Act =
  | { readonly type: 'suspend'; readonly user: UserId }
  | { readonly type: 'unsuspend'; readonly user: UserId }
  | { readonly type: 'sign-out'; readonly user: UserId }
  /** The password is forgotten; whoever has the code whose hash this is may choose a new one until then. */
  | { readonly type: 'reset'; readonly user: UserId; readonly codeHash: string; readonly until: Timestamp }
  | { readonly type: 'make-operator'; readonly user: UserId }
  /** `last`: there are operators by other means, so that the last of these may go. */
  | { readonly type: 'take-operator'; readonly user: UserId; readonly last: boolean }
  | { readonly type: 'resolve'; readonly report: string }
  | { readonly type: 'dismiss'; readonly report: string }
  | { readonly type: 'set'; readonly name: string; readonly value: string }
  | { readonly type: 'invite'; readonly invite: InviteRecord }
  | { readonly type: 'revoke-invite'; readonly code: string };

export type ActType = Act['type'] | 'first-operator';

export type AuditRecord = {
  readonly position: number;
  readonly by: Actor;
  readonly act: ActType;
  readonly subject: string;
  readonly detail: string;
};

/** What users reported. Closing a report is an operator's act. */
export interface ReportDirectory {
  /** Once for a message and reporter: again changes nothing. */
  file(report: ReportRecord): Promise<void>;
  /** Of one state, newest first, below `before`. */
  list(
    state: ReportRecord['state'],
    before: Timestamp | null,
    limit: number,
  ): Promise<readonly ReportRecord[]>;
}

export type ReportRecord = {
  readonly id: string;
  readonly conversationId: string;
  readonly seq: number;
  readonly author: UserId;
  readonly reporter: UserId;
  readonly reason: string;
  readonly note: string;
  readonly excerpt: string;
  readonly at: Timestamp;
  readonly state: 'open' | 'resolved' | 'dismissed';
};

/** Codes with which users choose a new password: an operator's act makes them. */
export interface ResetDirectory {
  /** Whose it is, if it is the newest of theirs and valid at `now`; it is used up then, whoever asks at once. */
  take(codeHash: string, now: Timestamp): Promise<UserId | null>;
}
