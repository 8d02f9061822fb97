import type { Audience } from '@tidings/api/fields';
import { type PictureId, trustedUserId, type UserId } from '@tidings/api/ids';
import type { MeUpdate } from '@tidings/api/user';
import { type DirectoryClient, type DirectoryDatabase, guarded, type RecentReads } from './client.ts';
import type { UserModel } from './generated/sqlite/models/User.ts';
import type { UserDirectory, UserRecord } from './port.ts';
import { foundBy, wordRowsOf } from './prisma-words.ts';

/** Users in Prisma's table `user`, which better-auth shares; found by the words in `user_word`. */
export class PrismaUsers implements UserDirectory {
  readonly #client: DirectoryClient;
  readonly #recent: RecentReads;

  constructor({ primary, recent }: DirectoryDatabase) {
    this.#client = primary;
    this.#recent = recent;
  }

  async profiles(users: readonly UserId[]): Promise<readonly UserRecord[]> {
    if (users.length === 0) return [];
    const where = { id: { in: [...users] } };
    const rows = await guarded(() => this.#recent(['user'], (client) => client.user.findMany({ where })));
    return rows.map(recordOf);
  }

  /** Of the primary: sign-up asks whether a name is taken. */
  async byUsername(username: string): Promise<UserRecord | null> {
    const row = await guarded(() => this.#client.user.findUnique({ where: { username } }));
    return row && recordOf(row);
  }

  async update(user: UserId, update: MeUpdate): Promise<UserRecord> {
    const data = { ...columnsOf(update), ...(await this.#renamed(user, update.displayName)) };
    return recordOf(await guarded(() => this.#client.user.update({ where: { id: user }, data })));
  }

  /** What a new name changes in the words by which the user is found. Usernames never change. */
  async #renamed(user: UserId, name: string | undefined) {
    const row =
      name === undefined ? null : await guarded(() => this.#client.user.findUnique({ where: { id: user } }));
    return row && name !== undefined
      ? { words: { deleteMany: {}, create: wordRowsOf({ name, username: row.username }) } }
      : {};
  }

  async search(query: string, limit: number): Promise<readonly UserRecord[]> {
    const where = foundBy(query);
    if (!where) return [];
    const rows = await guarded(() =>
      this.#recent(['user', 'user_word'], (client) =>
        client.user.findMany({ where, orderBy: [{ name: 'asc' }, { id: 'asc' }], take: limit }),
      ),
    );
    return rows.map(recordOf);
  }
}

export function recordOf(row: UserModel): UserRecord {
  return {
    userId: trustedUserId(row.id),
    username: row.username,
    displayName: row.name,
    about: row.about,
    avatarId: row.avatarId as PictureId | null,
    bot: row.role === 'bot',
    lastSeenAudience: row.lastSeenPrivacy as Audience,
    onlineAudience: row.onlinePrivacy as Audience,
    readReceipts: row.readReceipts,
    role: row.role,
  };
}

function columnsOf({
  displayName,
  about,
  avatarId,
  lastSeenAudience,
  onlineAudience,
  readReceipts,
}: MeUpdate) {
  return {
    ...(displayName === undefined ? {} : { name: displayName }),
    ...(about === undefined ? {} : { about }),
    ...(avatarId === undefined ? {} : { avatarId }),
    ...(lastSeenAudience === undefined ? {} : { lastSeenPrivacy: lastSeenAudience }),
    ...(onlineAudience === undefined ? {} : { onlinePrivacy: onlineAudience }),
    ...(readReceipts === undefined ? {} : { readReceipts }),
  };
}
