import { TidingsError } from '@tidings/api/errors';
import type { DeviceId, SessionId, Timestamp, UserId } from '@tidings/api/ids';
import type { MeUpdate } from '@tidings/api/user';
import type {
  InviteDirectory,
  InviteRecord,
  SessionDirectory,
  SessionRecord,
  UserDirectory,
  UserRecord,
} from '@tidings/db/directory/port';
import { wordsOf } from '@tidings/db/directory/words';

/** Users in memory: see {@link MemoryConversations}. */
export class MemoryUsers implements UserDirectory {
  readonly #users = new Map<UserId, UserRecord>();

  add(
    { about = '', ...named }: Pick<UserRecord, 'userId' | 'username' | 'displayName'> & { about?: string },
    role: 'user' | 'bot' = 'user',
  ): UserRecord {
    const privacy = { lastSeenAudience: 'everyone', onlineAudience: 'everyone', readReceipts: true } as const;
    const record = { ...named, about, avatarId: null, bot: role === 'bot', role, ...privacy };
    this.#users.set(named.userId, record);
    return record;
  }

  async profiles(users: readonly UserId[]): Promise<readonly UserRecord[]> {
    return users.flatMap((user) => this.#users.get(user) ?? []);
  }

  async byUsername(username: string): Promise<UserRecord | null> {
    return [...this.#users.values()].find((user) => user.username === username) ?? null;
  }

  async update(user: UserId, update: MeUpdate): Promise<UserRecord> {
    const known = this.#users.get(user);
    if (!known) throw new TidingsError('not-found');
    const given = Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));
    const updated: UserRecord = { ...known, ...given };
    this.#users.set(user, updated);
    return updated;
  }

  async search(query: string, limit: number): Promise<readonly UserRecord[]> {
    const wanted = wordsOf(query);
    if (wanted.length === 0) return [];
    const found = (user: UserRecord) => {
      const words = wordsOf(`${user.displayName} ${user.username}`, user.username);
      return wanted.every((prefix) => words.some((word) => word.startsWith(prefix)));
    };
    return [...this.#users.values()].filter(found).slice(0, limit);
  }
}

/** Sessions in memory. */
export class MemorySessions implements SessionDirectory {
  readonly #sessions = new Map<SessionId, SessionRecord>();
  readonly #now: () => Timestamp;

  constructor(now: () => Timestamp) {
    this.#now = now;
  }

  add(session: Pick<SessionRecord, 'sessionId' | 'token' | 'userId' | 'expiresAt'>): void {
    const at = this.#now();
    const rest = { deviceId: null, name: '', createdAt: at, lastUsedAt: at, role: 'user' };
    this.#sessions.set(session.sessionId, { ...rest, ...session });
  }

  async byTokens(tokens: readonly string[]): Promise<readonly SessionRecord[]> {
    return this.#valid().filter((session) => tokens.includes(session.token));
  }

  async ofUser(user: UserId): Promise<readonly SessionRecord[]> {
    return this.#valid().filter((session) => session.userId === user);
  }

  async stillValid(sessions: readonly SessionId[]): Promise<readonly SessionId[]> {
    const valid = new Set(this.#valid().map((session) => session.sessionId));
    return sessions.filter((session) => valid.has(session));
  }

  async bind(
    session: SessionId,
    to: { deviceId?: DeviceId; name?: string; lastUsedAt?: Timestamp },
  ): Promise<void> {
    const known = this.#sessions.get(session);
    if (known) this.#sessions.set(session, { ...known, ...to });
  }

  async remove(user: UserId, session: SessionId): Promise<boolean> {
    return this.#sessions.get(session)?.userId === user && this.#sessions.delete(session);
  }

  async removeOthers(user: UserId, keep: SessionId): Promise<readonly SessionId[]> {
    const others = (await this.ofUser(user)).map(({ sessionId }) => sessionId).filter((id) => id !== keep);
    for (const session of others) this.#sessions.delete(session);
    return others;
  }

  #valid(): SessionRecord[] {
    return [...this.#sessions.values()].filter((session) => session.expiresAt > this.#now());
  }
}

/** Invites in memory. */
export class MemoryInvites implements InviteDirectory {
  readonly #invites = new Map<string, InviteRecord>();

  async create(invite: InviteRecord): Promise<void> {
    if (this.#invites.has(invite.code)) throw new TidingsError('conflict', 'that code is taken');
    this.#invites.set(invite.code, invite);
  }

  async ofUser(user: UserId, now: Timestamp): Promise<readonly InviteRecord[]> {
    return [...this.#invites.values()].filter((invite) => invite.createdBy === user && isOpen(invite, now));
  }

  async use(code: string, now: Timestamp): Promise<boolean> {
    const invite = this.#invites.get(code);
    if (!invite || !isOpen(invite, now)) return false;
    this.#invites.set(code, { ...invite, uses: invite.uses + 1 });
    return true;
  }

  async revoke(user: UserId, code: string): Promise<boolean> {
    return this.#invites.get(code)?.createdBy === user && this.#invites.delete(code);
  }
}

const isOpen = (invite: InviteRecord, now: Timestamp): boolean =>
  invite.expiresAt > now && invite.uses < invite.maxUses;
