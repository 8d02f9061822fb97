import { type Timestamp, trustedUserId, type UserId } from '@tidings/api/ids';
import { type DirectoryClient, guarded } from './client.ts';
import type { InviteModel } from './generated/sqlite/models/Invite.ts';
import type { InviteDirectory, InviteRecord } from './port.ts';

export class PrismaInvites implements InviteDirectory {
  readonly #client: DirectoryClient;

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  async create(invite: InviteRecord): Promise<void> {
    await guarded(() => this.#client.invite.create({ data: inviteRow(invite) }));
  }

  async ofUser(user: UserId, now: Timestamp): Promise<readonly InviteRecord[]> {
    const where = { createdBy: user, expiresAt: { gt: new Date(now) }, ...this.#usesLeft() };
    const rows = await guarded(() => this.#client.invite.findMany({ where, orderBy: { createdAt: 'desc' } }));
    return rows.map(inviteOf);
  }

  /** One statement decides, so of many at once no more than `maxUses` succeed. */
  async use(code: string, now: Timestamp): Promise<boolean> {
    const where = { code, expiresAt: { gt: new Date(now) }, ...this.#usesLeft() };
    const { count } = await guarded(() =>
      this.#client.invite.updateMany({ where, data: { uses: { increment: 1 } } }),
    );
    return count > 0;
  }

  async revoke(user: UserId, code: string): Promise<boolean> {
    const { count } = await guarded(() =>
      this.#client.invite.deleteMany({ where: { code, createdBy: user } }),
    );
    return count > 0;
  }

  #usesLeft() {
    return { uses: { lt: this.#client.invite.fields.maxUses } };
  }
}

export const inviteRow = (invite: InviteRecord) => ({
  ...invite,
  createdAt: new Date(invite.createdAt),
  expiresAt: new Date(invite.expiresAt),
});

export function inviteOf(row: InviteModel): InviteRecord {
  return {
    ...row,
    createdBy: trustedUserId(row.createdBy),
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
  };
}
