import { z } from 'zod';
import type { SignUpPolicy } from './auth.ts';
import { timestampSchema, userIdSchema } from './id-schemas.ts';
import type { Timestamp, UserId } from './ids.ts';
import type { Invite } from './invite.ts';
import type { Report, ReportState } from './report.ts';
import { type Caller, router, signedIn } from './trpc.ts';

/** An account as operators see it. */
export type Account = {
  readonly userId: UserId;
  readonly username: string;
  readonly displayName: string;
  readonly role: 'user' | 'bot' | 'operator';
  /** An operator by the server's configuration: neither demoted nor suspended here. */
  readonly configured: boolean;
  readonly suspendedAt: Timestamp | null;
  readonly createdAt: Timestamp;
  /** Signed in now. */
  readonly devices: number;
  /** Of any of these, to ten minutes; `null` without one. */
  readonly lastUsedAt: Timestamp | null;
};

/** Where a page of accounts ended. */
export const accountCursorSchema = z.object({ name: z.string().max(200), userId: z.string().max(64) });
export type AccountCursor = z.infer<typeof accountCursorSchema>;
export type AccountPage = { readonly accounts: readonly Account[]; readonly next: AccountCursor | null };

/** Whom an entry of the audit log names; without names where they are gone. */
export type Named = { readonly id: string; readonly username?: string; readonly displayName?: string };

export type AuditEntry = {
  /** Grows by time, with gaps. */
  readonly position: number;
  readonly at: Timestamp;
  readonly by: Named;
  readonly deviceId: string;
  readonly act: AuditedAct;
  readonly subject: Named;
  readonly detail: string;
};
export type AuditPage = { readonly entries: readonly AuditEntry[]; readonly next: number | null };

export type AuditedAct =
  | 'first-operator'
  | 'suspend'
  | 'unsuspend'
  | 'sign-out'
  | 'reset'
  | 'make-operator'
  | 'take-operator'
  | 'resolve'
  | 'dismiss'
  | 'set'
  | 'invite'
  | 'revoke-invite';

export type ReportPage = { readonly reports: readonly Report[]; readonly next: Timestamp | null };
export type AdminInvite = Invite & { readonly by: Named };
/** `changed`: by an operator; otherwise it is the setting's of the server. */
export type SignUpSetting = SignUpPolicy & { readonly changed: boolean };

/** What operators do. Each act is in the audit log when it is done, and not otherwise (ADM5). */
export interface AdminApi {
  /** Throws `not-allowed` to everybody but operators (ADM1). All of what follows comes after it. */
  require(caller: Caller): Promise<void>;
  /** By name; with a query those whom it finds. */
  accounts(query: string, after: AccountCursor | null): Promise<AccountPage>;
  /** Signed out everywhere, and kept out. What they wrote stays. `not-allowed` of an operator; `not-found` when they are. */
  suspend(caller: Caller, user: UserId): Promise<void>;
  unsuspend(caller: Caller, user: UserId): Promise<void>;
  signOut(caller: Caller, user: UserId): Promise<void>;
  /** The password and all sessions end. The code, told this once, lets its user choose a new one within a day (ADM6). */
  resetPassword(caller: Caller, user: UserId): Promise<{ readonly code: string }>;
  makeOperator(caller: Caller, user: UserId): Promise<void>;
  /** `not-allowed` of the last one, and of one by configuration. */
  takeOperator(caller: Caller, user: UserId): Promise<void>;
  /** Newest first. */
  audit(before: number | null): Promise<AuditPage>;
  reports(state: ReportState, before: Timestamp | null): Promise<ReportPage>;
  closeReport(caller: Caller, report: string, as: 'resolved' | 'dismissed'): Promise<void>;
  /** Everybody's that are valid, at most 200. */
  invites(): Promise<readonly AdminInvite[]>;
  createInvite(caller: Caller, uses: number): Promise<Invite>;
  revokeInvite(caller: Caller, code: string): Promise<void>;
  signUp(): Promise<SignUpSetting>;
  /** From the answer on, at every process. */
  setSignUp(caller: Caller, policy: SignUpPolicy): Promise<void>;
}

/** The only base of what follows: who isn't an operator is refused before any of it, also before the input is read. */
const operator = signedIn.use(async ({ ctx, next }) => {
  await ctx.services.admin.require(ctx.caller);
  return next();
});

const ofUser = operator.input(z.object({ userId: userIdSchema }));

export const adminRouter = router({
  accounts: operator
    .input(z.object({ query: z.string().max(60), after: accountCursorSchema.nullable() }))
    .query(({ ctx, input }) => ctx.services.admin.accounts(input.query, input.after)),
  suspend: ofUser.mutation(({ ctx, input }) => ctx.services.admin.suspend(ctx.caller, input.userId)),
  unsuspend: ofUser.mutation(({ ctx, input }) => ctx.services.admin.unsuspend(ctx.caller, input.userId)),
  signOut: ofUser.mutation(({ ctx, input }) => ctx.services.admin.signOut(ctx.caller, input.userId)),
  resetPassword: ofUser.mutation(({ ctx, input }) =>
    ctx.services.admin.resetPassword(ctx.caller, input.userId),
  ),
  makeOperator: ofUser.mutation(({ ctx, input }) =>
    ctx.services.admin.makeOperator(ctx.caller, input.userId),
  ),
  takeOperator: ofUser.mutation(({ ctx, input }) =>
    ctx.services.admin.takeOperator(ctx.caller, input.userId),
  ),
  audit: operator
    .input(z.object({ before: z.number().int().min(1).nullable() }))
    .query(({ ctx, input }) => ctx.services.admin.audit(input.before)),
  reports: operator
    .input(z.object({ state: z.enum(['open', 'resolved', 'dismissed']), before: timestampSchema.nullable() }))
    .query(({ ctx, input }) => ctx.services.admin.reports(input.state, input.before)),
  closeReport: operator
    .input(z.object({ id: z.string().max(64), as: z.enum(['resolved', 'dismissed']) }))
    .mutation(({ ctx, input }) => ctx.services.admin.closeReport(ctx.caller, input.id, input.as)),
  invites: operator.query(({ ctx }) => ctx.services.admin.invites()),
  createInvite: operator
    .input(z.object({ uses: z.number().int().min(1).max(100) }))
    .mutation(({ ctx, input }) => ctx.services.admin.createInvite(ctx.caller, input.uses)),
  revokeInvite: operator
    .input(z.object({ code: z.string().max(64) }))
    .mutation(({ ctx, input }) => ctx.services.admin.revokeInvite(ctx.caller, input.code)),
  signUp: operator.query(({ ctx }) => ctx.services.admin.signUp()),
  setSignUp: operator
    .input(z.object({ signUp: z.enum(['open', 'invite']) }))
    .mutation(({ ctx, input }) => ctx.services.admin.setSignUp(ctx.caller, input)),
});
