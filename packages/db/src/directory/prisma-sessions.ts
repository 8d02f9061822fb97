import {
  type DeviceId,
  type SessionId,
  sessionId,
  type Timestamp,
  trustedUserId,
  type UserId,
} from '@tidings/api/ids';
import { type DirectoryClient, guarded } from './client.ts';
import type { SessionDirectory, SessionRecord } from './port.ts';

/**
 * Sessions in better-auth's table `session`. Expiry is by the machine's clock, as better-auth's is. Those of a user who is kept out are
 * none, also where one was made while an operator suspended the user.
 */
export class PrismaSessions implements SessionDirectory {
  readonly #client: DirectoryClient;

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  byTokens(tokens: readonly string[]): Promise<readonly SessionRecord[]> {
    return tokens.length === 0 ? Promise.resolve([]) : this.#find({ token: { in: [...tokens] } });
  }

  ofUser(user: UserId): Promise<readonly SessionRecord[]> {
    return this.#find({ userId: user });
  }

  async stillValid(sessions: readonly SessionId[]): Promise<readonly SessionId[]> {
    if (sessions.length === 0) return [];
    const where = {
      id: { in: [...sessions] },
      expiresAt: { gt: new Date() },
      user: { suspendedAt: null },
    };
    const rows = await guarded(() => this.#client.session.findMany({ where, select: { id: true } }));
    return rows.map((row) => sessionId(row.id));
  }

  async bind(
    session: SessionId,
    to: { deviceId?: DeviceId; name?: string; lastUsedAt?: Timestamp },
  ): Promise<void> {
    const data = {
      ...(to.deviceId === undefined ? {} : { deviceId: to.deviceId }),
      ...(to.name === undefined ? {} : { deviceName: to.name }),
      ...(to.lastUsedAt === undefined ? {} : { lastUsedAt: new Date(to.lastUsedAt) }),
    };
    await guarded(() => this.#client.session.updateMany({ where: { id: session }, data }));
  }

  async remove(user: UserId, session: SessionId): Promise<boolean> {
    const { count } = await guarded(() =>
      this.#client.session.deleteMany({ where: { id: session, userId: user } }),
    );
    return count > 0;
  }

  /** A session that is made between the two queries stays: its owner has just proved who they are. */
  async removeOthers(user: UserId, keep: SessionId): Promise<readonly SessionId[]> {
    const others = (await this.#find({ userId: user }))
      .map((session) => session.sessionId)
      .filter((id) => id !== keep);
    await guarded(() => this.#client.session.deleteMany({ where: { id: { in: others }, userId: user } }));
    return others;
  }

  async #find(where: { userId: string } | { token: { in: string[] } }): Promise<readonly SessionRecord[]> {
    const include = { user: { select: { role: true, suspendedAt: true } } } as const;
    const rows = await guarded(() =>
      this.#client.session.findMany({ where: { ...where, expiresAt: { gt: new Date() } }, include }),
    );
    const good = rows.filter((row) => row.user.suspendedAt === null);
    return good.map((row) => ({
      sessionId: sessionId(row.id),
      token: row.token,
      userId: trustedUserId(row.userId),
      deviceId: row.deviceId as DeviceId | null,
      name: row.deviceName ?? '',
      createdAt: row.createdAt.getTime(),
      lastUsedAt: (row.lastUsedAt ?? row.createdAt).getTime(),
      expiresAt: row.expiresAt.getTime(),
      role: row.user.role,
    }));
  }
}
