import {
  type DeviceId,
  type SessionId,
  sessionId,
  type Timestamp,
  trustedUserId,
  type UserId,
} from '@tidings/api/ids';
import type {
  AccountRecord,
  Act,
  Actor,
  ActType,
  AdministrationDirectory,
  AuditRecord,
  PeoplePage,
  PersonRecord,
} from './administration-port.ts';
import { type DirectoryClient, guarded, isTaken } from './client.ts';
import type { UserModel } from './generated/sqlite/models/User.ts';
import type { InviteRecord } from './port.ts';
import { applyAct, recordedAs } from './prisma-acts.ts';
import { inviteOf } from './prisma-invites.ts';
import { foundBy } from './prisma-words.ts';

/** The row that says that somebody was made the first operator, so that nobody is a second time. */
const firstOperator = 'first-operator';

/** The settings that operators may set. */
const settingNames = ['sign-up'] as const;

/** All of it on the primary: an operator decides by what is, and acts on it. */
export class PrismaAdministration implements AdministrationDirectory {
  readonly #client: DirectoryClient;

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  async accounts(users: readonly UserId[]): Promise<readonly AccountRecord[]> {
    if (users.length === 0) return [];
    const where = { id: { in: [...users] } };
    return (await guarded(() => this.#client.user.findMany({ where }))).map(accountOf);
  }

  async people({ query, after, limit }: PeoplePage): Promise<readonly PersonRecord[]> {
    const found = query.trim() === '' ? {} : foundBy(query);
    if (!found) return [];
    const above = after && {
      OR: [{ name: { gt: after.name } }, { name: after.name, id: { gt: after.userId } }],
    };
    const rows = await guarded(() =>
      this.#client.user.findMany({
        where: { AND: [found, above ?? {}] },
        include: {
          sessions: {
            where: { expiresAt: { gt: new Date() } },
            select: { lastUsedAt: true, createdAt: true },
          },
        },
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
        take: limit,
      }),
    );
    return rows.map(({ sessions, ...row }) => ({
      ...accountOf(row),
      displayName: row.name,
      createdAt: row.createdAt.getTime(),
      devices: sessions.length,
      lastUsedAt: sessions.reduce<Timestamp | null>(
        (newest, one) => Math.max(newest ?? 0, (one.lastUsedAt ?? one.createdAt).getTime()),
        null,
      ),
    }));
  }

  async act(by: Actor, act: Act): Promise<readonly SessionId[]> {
    return guarded(() =>
      this.#client.$transaction(async (transaction) => {
        const ended = await applyAct(transaction, act, by.at);
        await transaction.auditEntry.create({ data: rowOf(by, recordedAs(act)) });
        return ended.map(sessionId);
      }),
    );
  }

  async audit(before: number | null, limit: number): Promise<readonly AuditRecord[]> {
    const where = before === null ? {} : { position: { lt: before } };
    const rows = await guarded(() =>
      this.#client.auditEntry.findMany({ where, orderBy: { position: 'desc' }, take: limit }),
    );
    return rows.map(({ position, at, byUser, byDevice, act, subject, detail }) => ({
      ...{ position, subject, detail },
      by: { userId: trustedUserId(byUser), deviceId: byDevice as DeviceId, at: at.getTime() },
      act: act as ActType,
    }));
  }

  /** The setting's row can be made once; whoever makes it is the one. */
  async claimFirst(by: Actor): Promise<boolean> {
    try {
      await this.#client.$transaction(async (transaction) => {
        await transaction.serverSetting.create({ data: { name: firstOperator, value: by.userId } });
        await transaction.user.update({ where: { id: by.userId }, data: { role: 'operator' } });
        await transaction.auditEntry.create({
          data: rowOf(by, { act: firstOperator, subject: by.userId, detail: '' }),
        });
      });
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      return guarded(() => Promise.reject(error));
    }
  }

  async settings(): Promise<ReadonlyMap<string, string>> {
    const rows = await guarded(() =>
      this.#client.serverSetting.findMany({ where: { name: { in: [...settingNames] } } }),
    );
    return new Map(rows.map(({ name, value }) => [name, value]));
  }

  async openInvites(now: Timestamp, limit: number): Promise<readonly InviteRecord[]> {
    const where = { expiresAt: { gt: new Date(now) }, uses: { lt: this.#client.invite.fields.maxUses } };
    const rows = await guarded(() =>
      this.#client.invite.findMany({ where, orderBy: { expiresAt: 'desc' }, take: limit }),
    );
    return rows.map(inviteOf);
  }
}

const accountOf = (row: UserModel): AccountRecord => ({
  userId: trustedUserId(row.id),
  username: row.username,
  role: row.role,
  suspendedAt: row.suspendedAt?.getTime() ?? null,
});

type Recorded = Pick<AuditRecord, 'act' | 'subject' | 'detail'>;

const rowOf = (by: Actor, recorded: Recorded) => ({
  at: new Date(by.at),
  byUser: by.userId,
  byDevice: by.deviceId,
  ...recorded,
});
