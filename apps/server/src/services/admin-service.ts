import type {
  Account,
  AccountCursor,
  AccountPage,
  AdminApi,
  AdminInvite,
  AuditPage,
  Named,
  ReportPage,
  SignUpSetting,
} from '@tidings/api/admin';
import type { SignUpPolicy } from '@tidings/api/auth';
import type { Clock, MakeId } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { seq, type Timestamp, trustedConversationId, type UserId } from '@tidings/api/ids';
import type { Invite } from '@tidings/api/invite';
import type { ReportedPerson, ReportReason, ReportState } from '@tidings/api/report';
import type { Caller } from '@tidings/api/trpc';
import type {
  Act,
  AdministrationDirectory,
  PersonRecord,
  ReportDirectory,
} from '@tidings/db/directory/administration-port';
import { makeResetCode, resetCodeHash } from '../auth/reset-codes.ts';
import { newInvite, shownInvite } from './invite-service.ts';
import type { Operators } from './operators.ts';
import type { Profiles, SessionGate } from './parts.ts';
import { type SignUpRule, signUpSetting } from './sign-up-rule.ts';

const pageSize = 50;
const maxInvites = 200;
const resetMs = 24 * 3_600_000;

export type AdminServiceParts = {
  readonly administration: AdministrationDirectory;
  readonly reports: ReportDirectory;
  readonly operators: Operators;
  readonly signUpRule: SignUpRule;
  readonly profiles: Profiles;
  readonly gate: Pick<SessionGate, 'end'>;
  readonly clock: Clock;
  readonly makeId: MakeId;
};

/** What operators see and do (ADM). Who may call it was decided before: see `packages/api/src/admin.ts`. */
export class AdminService implements AdminApi {
  readonly #parts: AdminServiceParts;

  constructor(parts: AdminServiceParts) {
    this.#parts = parts;
  }

  require(caller: Caller): Promise<void> {
    return this.#parts.operators.require(caller.userId);
  }

  async accounts(query: string, after: AccountCursor | null): Promise<AccountPage> {
    const found = await this.#parts.administration.people({ query, after, limit: pageSize + 1 });
    const page = found.slice(0, pageSize);
    const last = found.length > pageSize ? page.at(-1) : undefined;
    return {
      accounts: page.map((record) => this.#account(record)),
      next: last ? { name: last.displayName, userId: last.userId } : null,
    };
  }

  async suspend(caller: Caller, user: UserId): Promise<void> {
    await this.#requireNotConfigured(user);
    await this.#endingSessions(caller, user, { type: 'suspend', user });
  }

  unsuspend(caller: Caller, user: UserId): Promise<void> {
    return this.#endingSessions(caller, user, { type: 'unsuspend', user });
  }

  signOut(caller: Caller, user: UserId): Promise<void> {
    return this.#endingSessions(caller, user, { type: 'sign-out', user });
  }

  async resetPassword(caller: Caller, user: UserId): Promise<{ readonly code: string }> {
    const code = makeResetCode();
    const until = this.#parts.clock.now() + resetMs;
    await this.#endingSessions(caller, user, { type: 'reset', user, codeHash: resetCodeHash(code), until });
    return { code };
  }

  async makeOperator(caller: Caller, user: UserId): Promise<void> {
    await this.#act(caller, { type: 'make-operator', user });
  }

  async takeOperator(caller: Caller, user: UserId): Promise<void> {
    const { operators } = this.#parts;
    await this.#requireNotConfigured(user);
    await this.#act(caller, { type: 'take-operator', user, last: operators.areConfigured });
  }

  async audit(before: number | null): Promise<AuditPage> {
    const found = await this.#parts.administration.audit(before, pageSize + 1);
    const page = found.slice(0, pageSize);
    const names = await this.#names(page.flatMap(({ by, subject }) => [by.userId, subject]));
    const entries = page.map(({ position, by, act, subject, detail }) => ({
      ...{ position, act, detail },
      at: by.at,
      by: names(by.userId),
      deviceId: by.deviceId,
      subject: names(subject),
    }));
    return { entries, next: found.length > pageSize ? (page.at(-1)?.position ?? null) : null };
  }

  async reports(state: ReportState, before: Timestamp | null): Promise<ReportPage> {
    const found = await this.#parts.reports.list(state, before, pageSize + 1);
    const page = found.slice(0, pageSize);
    const people = await this.#people(page.flatMap(({ author, reporter }) => [author, reporter]));
    const reports = page.map(({ author, reporter, ...record }) => ({
      ...record,
      conversationId: trustedConversationId(record.conversationId),
      seq: seq(record.seq),
      reason: record.reason as ReportReason,
      author: people(author),
      reporter: people(reporter),
    }));
    return { reports, next: found.length > pageSize ? (page.at(-1)?.at ?? null) : null };
  }

  async closeReport(caller: Caller, report: string, as: 'resolved' | 'dismissed'): Promise<void> {
    await this.#act(caller, { type: as === 'resolved' ? 'resolve' : 'dismiss', report });
  }

  async invites(): Promise<readonly AdminInvite[]> {
    const open = await this.#parts.administration.openInvites(this.#parts.clock.now(), maxInvites);
    const names = await this.#names(open.map(({ createdBy }) => createdBy));
    return open.map((invite) => ({ ...shownInvite(invite), by: names(invite.createdBy) }));
  }

  async createInvite(caller: Caller, uses: number): Promise<Invite> {
    const invite = newInvite(caller, uses, this.#parts);
    await this.#act(caller, { type: 'invite', invite });
    return shownInvite(invite);
  }

  async revokeInvite(caller: Caller, code: string): Promise<void> {
    await this.#act(caller, { type: 'revoke-invite', code });
  }

  signUp(): Promise<SignUpSetting> {
    return this.#parts.signUpRule.setting();
  }

  async setSignUp(caller: Caller, { signUp }: SignUpPolicy): Promise<void> {
    await this.#act(caller, { type: 'set', name: signUpSetting, value: signUp });
  }

  #act({ userId, deviceId }: Caller, act: Act) {
    return this.#parts.administration.act({ userId, deviceId, at: this.#parts.clock.now() }, act);
  }

  /** The rows go first: from then on the cookies are refused; then what is open is closed (SESS1, ADM4). */
  async #endingSessions(caller: Caller, user: UserId, act: Act): Promise<void> {
    const ended = await this.#act(caller, act);
    if (ended.length > 0) await this.#parts.gate.end(user, ended);
  }

  async #requireNotConfigured(user: UserId): Promise<void> {
    const { administration, operators } = this.#parts;
    const [account] = await administration.accounts([user]);
    if (!account) throw new TidingsError('not-found');
    if (operators.isConfigured(account)) throw new TidingsError('not-allowed', 'an operator by configuration');
  }

  #account(record: PersonRecord): Account {
    const { role, ...rest } = record;
    const configured = this.#parts.operators.isConfigured(record);
    return { ...rest, role: configured ? 'operator' : (role as Account['role']), configured };
  }

  /** Of ids, some of which are users'. */
  async #names(ids: readonly string[]): Promise<(id: string) => Named> {
    const unique = [...new Set(ids)];
    const records = await this.#parts.profiles.of(unique as UserId[]);
    const byId = new Map(unique.map((id, at) => [id, records[at]]));
    return (id) => {
      const record = byId.get(id);
      return record ? { id, username: record.username, displayName: record.displayName } : { id };
    };
  }

  /** With whether they are suspended now. */
  async #people(users: readonly UserId[]): Promise<(user: UserId) => ReportedPerson> {
    const unique = [...new Set(users)];
    const [names, accounts] = await Promise.all([
      this.#names(unique),
      this.#parts.administration.accounts(unique),
    ]);
    const suspended = new Set(
      accounts.filter(({ suspendedAt }) => suspendedAt !== null).map(({ userId }) => userId),
    );
    return (user) => {
      const { username = '', displayName = '' } = names(user);
      return { userId: user, username, displayName, suspended: suspended.has(user) };
    };
  }
}
