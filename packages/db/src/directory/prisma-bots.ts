import { TidingsError } from '@tidings/api/errors';
import { type Timestamp, trustedUserId, type UserId } from '@tidings/api/ids';
import type { ApiKeyRecord, ApiRequestRecord, BotDirectory, BotRecord, NewBot } from './bot-port.ts';
import { type DirectoryClient, guarded } from './client.ts';
import type { ApiKeyModel } from './generated/sqlite/models/ApiKey.ts';
import type { ApiRequestModel } from './generated/sqlite/models/ApiRequest.ts';
import type { UserModel } from './generated/sqlite/models/User.ts';
import { recordOf as userRecordOf } from './prisma-users.ts';

/** Always of the primary: who revokes a key, or has just made one, sees it work at once. */
export class PrismaBots implements BotDirectory {
  readonly #client: DirectoryClient;

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  async createBot({ userId, owner, username, displayName, about, createdAt }: NewBot): Promise<BotRecord> {
    const data = {
      id: userId,
      name: displayName,
      username,
      displayUsername: username,
      about,
      email: `${userId.toLowerCase()}@bots.invalid`,
      role: 'bot',
      ownerId: owner,
      createdAt: new Date(createdAt),
    };
    try {
      return botOf(await guarded(() => this.#client.user.create({ data })));
    } catch (error) {
      const isTaken = error instanceof TidingsError && error.code === 'conflict';
      throw isTaken ? new TidingsError('username-taken', undefined, { cause: error }) : error;
    }
  }

  async botsOf(owner: UserId, limit: number): Promise<readonly BotRecord[]> {
    const query = { where: { ownerId: owner }, orderBy: { createdAt: 'asc' }, take: limit } as const;
    return (await guarded(() => this.#client.user.findMany(query))).map(botOf);
  }

  async createKey({ owner, bot, scopes, ...key }: ApiKeyRecord): Promise<void> {
    const data = {
      ...key,
      ownerId: owner,
      botId: bot,
      scopes: scopes.join(' '),
      createdAt: new Date(key.createdAt),
      lastUsedAt: dateOf(key.lastUsedAt),
      revokedAt: dateOf(key.revokedAt),
    };
    await guarded(() => this.#client.apiKey.create({ data }));
  }

  async keysOf(owner: UserId, limit: number): Promise<readonly ApiKeyRecord[]> {
    const query = { where: { ownerId: owner }, orderBy: { createdAt: 'desc' }, take: limit } as const;
    return (await guarded(() => this.#client.apiKey.findMany(query))).map(keyOf);
  }

  async keyByHash(hash: string): Promise<ApiKeyRecord | null> {
    const row = await guarded(() => this.#client.apiKey.findUnique({ where: { hash } }));
    if (row?.revokedAt !== null || row === null) return null;
    const where = { id: { in: [row.ownerId, row.botId] }, suspendedAt: null };
    const people = await guarded(() => this.#client.user.findMany({ where, select: { id: true } }));
    return people.length === 2 ? keyOf(row) : null;
  }

  async revokeKey(owner: UserId, key: string, at: Timestamp): Promise<boolean> {
    const where = { id: key, ownerId: owner, revokedAt: null };
    const data = { revokedAt: new Date(at) };
    return (await guarded(() => this.#client.apiKey.updateMany({ where, data }))).count > 0;
  }

  async usedKey(key: string, at: Timestamp): Promise<void> {
    const data = { lastUsedAt: new Date(at) };
    await guarded(() => this.#client.apiKey.updateMany({ where: { id: key }, data }));
  }

  /** The row that is there first stays: of several at once one is made, and all read that one. */
  async noteRequest({ user, key, request, since, createdAt }: ApiRequestRecord): Promise<ApiRequestRecord> {
    const where = { userId_key: { userId: user, key } };
    const found = await guarded(() => this.#client.apiRequest.findUnique({ where }));
    if (found) return requestOf(found);
    const data = { userId: user, key, request, since, createdAt: new Date(createdAt) };
    try {
      return requestOf(await guarded(() => this.#client.apiRequest.create({ data })));
    } catch (error) {
      if (!(error instanceof TidingsError) || error.code !== 'conflict') throw error;
      return requestOf(await guarded(() => this.#client.apiRequest.findUniqueOrThrow({ where })));
    }
  }

  async forgetRequests(before: Timestamp, limit: number): Promise<number> {
    const old = await guarded(() =>
      this.#client.apiRequest.findMany({
        where: { createdAt: { lt: new Date(before) } },
        orderBy: { createdAt: 'asc' },
        take: limit,
      }),
    );
    for (const [user, rows] of Map.groupBy(old, ({ userId }) => userId)) {
      const where = { userId: user, key: { in: rows.map(({ key }) => key) } };
      await guarded(() => this.#client.apiRequest.deleteMany({ where }));
    }
    return old.length;
  }
}

const botOf = (row: UserModel): BotRecord => ({
  ...userRecordOf(row),
  owner: trustedUserId(row.ownerId as string),
  createdAt: row.createdAt.getTime(),
});

const keyOf = ({ ownerId, botId, scopes, ...row }: ApiKeyModel): ApiKeyRecord => ({
  ...row,
  owner: trustedUserId(ownerId),
  bot: trustedUserId(botId),
  scopes: scopes.split(' '),
  createdAt: row.createdAt.getTime(),
  lastUsedAt: row.lastUsedAt?.getTime() ?? null,
  revokedAt: row.revokedAt?.getTime() ?? null,
});

const requestOf = ({ userId, createdAt, ...row }: ApiRequestModel): ApiRequestRecord => ({
  ...row,
  user: trustedUserId(userId),
  createdAt: createdAt.getTime(),
});

const dateOf = (at: Timestamp | null): Date | null => (at === null ? null : new Date(at));
