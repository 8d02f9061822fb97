import { TidingsError } from '@tidings/api/errors';
import type { Timestamp, UserId } from '@tidings/api/ids';
import type { Act, AuditRecord } from './administration-port.ts';
import type { DirectoryClient } from './client.ts';
import { inviteRow } from './prisma-invites.ts';
import { resetOf } from './prisma-resets.ts';

type Transaction = Pick<
  DirectoryClient,
  'user' | 'session' | 'account' | 'verification' | 'report' | 'serverSetting' | 'invite'
>;

/**
 * What an act changes, inside its transaction; answers the ids of the sessions that it ended. Each looks at a row by changing it, so
 * that of two operators who do the same at once the second finds that there is nothing to do.
 */
export async function applyAct(rows: Transaction, act: Act, at: Timestamp): Promise<readonly string[]> {
  switch (act.type) {
    case 'suspend':
      await changed(rows, act.user, { suspendedAt: null }, { suspendedAt: new Date(at) });
      return endAll(rows, act.user);
    case 'unsuspend':
      await changed(rows, act.user, { suspendedAt: { not: null } }, { suspendedAt: null });
      // One that was made while the user was being suspended would be valid again.
      return endAll(rows, act.user);
    case 'sign-out':
      await changed(rows, act.user, {}, { updatedAt: new Date(at) });
      return endAll(rows, act.user);
    case 'reset':
      return reset(rows, act, at);
    case 'make-operator':
      await changed(rows, act.user, { role: 'user', suspendedAt: null }, { role: 'operator' });
      return [];
    case 'take-operator':
      return takeOperator(rows, act, at);
    case 'resolve':
    case 'dismiss':
      return close(rows, act.report, act.type === 'resolve' ? 'resolved' : 'dismissed');
    case 'set': {
      const { name, value } = act;
      await rows.serverSetting.upsert({ where: { name }, create: { name, value }, update: { value } });
      return [];
    }
    case 'invite':
      await rows.invite.create({ data: inviteRow(act.invite) });
      return [];
    case 'revoke-invite':
      if ((await rows.invite.deleteMany({ where: { code: act.code } })).count === 0)
        throw new TidingsError('not-found');
      return [];
    default:
      return act satisfies never;
  }
}

/** How the audit log names an act. Codes of invitations and of resets let people in, so they aren't written down whole. */
export function recordedAs(act: Act): Pick<AuditRecord, 'act' | 'subject' | 'detail'> {
  const named = (subject: string, detail = '') => ({ act: act.type, subject, detail });
  switch (act.type) {
    case 'resolve':
    case 'dismiss':
      return named(act.report);
    case 'set':
      return named(act.name, act.value);
    case 'invite':
      return named(beginning(act.invite.code), String(act.invite.maxUses));
    case 'revoke-invite':
      return named(beginning(act.code));
    default:
      return named(act.user);
  }
}

const beginning = (code: string): string => `${code.slice(0, 6)}…`;

/** An operator is never kept out: the role is taken first. */
async function changed(
  rows: Transaction,
  user: UserId,
  where: { role?: string; suspendedAt?: null | { not: null } },
  data: { suspendedAt?: Date | null; role?: string; updatedAt?: Date },
): Promise<void> {
  if (data.suspendedAt instanceof Date && (await roleOf(rows, user)) === 'operator')
    throw new TidingsError('not-allowed', 'an operator');
  const { count } = await rows.user.updateMany({ where: { id: user, ...where }, data });
  if (count === 0) throw new TidingsError('not-found');
}

const roleOf = async (rows: Transaction, id: UserId): Promise<string | undefined> =>
  (await rows.user.findUnique({ where: { id }, select: { role: true } }))?.role;

async function endAll(rows: Transaction, userId: UserId): Promise<readonly string[]> {
  const ended = await rows.session.findMany({ where: { userId }, select: { id: true } });
  await rows.session.deleteMany({ where: { userId } });
  return ended.map(({ id }) => id);
}

/** Codes from before are void: only the newest one counts. */
async function reset(
  rows: Transaction,
  { user, codeHash, until }: Extract<Act, { type: 'reset' }>,
  at: Timestamp,
): Promise<readonly string[]> {
  await changed(rows, user, {}, { updatedAt: new Date(at) });
  await rows.account.updateMany({ where: { userId: user }, data: { password: null } });
  await rows.verification.deleteMany({ where: { identifier: resetOf(user) } });
  const data = { id: codeHash, identifier: resetOf(user), value: codeHash, expiresAt: new Date(until) };
  await rows.verification.create({ data });
  return endAll(rows, user);
}

/** All operators' rows are changed first: of two who take each other's role at once, one waits and then counts what is left. */
async function takeOperator(
  rows: Transaction,
  { user, last }: Extract<Act, { type: 'take-operator' }>,
  at: Timestamp,
): Promise<readonly string[]> {
  const { count } = await rows.user.updateMany({
    where: { role: 'operator' },
    data: { updatedAt: new Date(at) },
  });
  if (count <= 1 && !last && (await roleOf(rows, user)) === 'operator')
    throw new TidingsError('not-allowed', 'the last operator');
  await changed(rows, user, { role: 'operator' }, { role: 'user' });
  return [];
}

async function close(rows: Transaction, id: string, state: string): Promise<readonly string[]> {
  const { count } = await rows.report.updateMany({ where: { id, state: 'open' }, data: { state } });
  if (count === 0) throw new TidingsError('not-found');
  return [];
}
