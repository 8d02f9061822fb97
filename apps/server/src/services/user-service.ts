import { TidingsError } from '@tidings/api/errors';
import type { UserId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import type { Me, MeUpdate, Profile, UserApi } from '@tidings/api/user';
import type { UserRecord } from '@tidings/db/directory/port';
import type { Operators } from './operators.ts';
import type { Access, Appender, Delivery, News, Ports, Profiles } from './parts.ts';

const maxHits = 20;

export type UserServiceParts = Pick<Ports, 'users' | 'clock'> & {
  readonly profiles: Profiles;
  readonly access: Pick<Access, 'contactsOf'>;
  readonly appender: Pick<Appender, 'putAccount'>;
  readonly delivery: Delivery;
  readonly news: Pick<News, 'user'>;
  readonly operators: Pick<Operators, 'is'>;
};

/** Who people are: the own profile and privacy, others' profiles, finding people. */
export class UserService implements UserApi {
  readonly #parts: UserServiceParts;

  constructor(parts: UserServiceParts) {
    this.#parts = parts;
  }

  async me(caller: Caller): Promise<Me> {
    const [record] = await this.#parts.profiles.of([caller.userId]);
    if (!record) throw new TidingsError('session-ended', 'the user is gone');
    return this.#me(record);
  }

  /** The caller's own devices learn of it from their account log, people they have chats with by a hint. */
  async update(caller: Caller, update: MeUpdate): Promise<Me> {
    const { users, profiles, appender, access, delivery, news, clock } = this.#parts;
    const record = await users.update(caller.userId, update);
    profiles.learn(record);
    // Before anybody hears of it and asks for it, wherever they are.
    await news.user(record);
    await appender.putAccount(caller.userId, [{ key: 'profile', value: clock.now() }]);
    if (isSeenByOthers(update)) {
      const contacts = await access.contactsOf(caller.userId);
      delivery.tell([...contacts], [{ type: 'profiles', userIds: [caller.userId] }]);
    }
    return this.#me(record);
  }

  async profiles(_caller: Caller, users: readonly UserId[]): Promise<readonly Profile[]> {
    const found = await this.#parts.profiles.of([...new Set(users)]);
    return found.filter((record) => record !== null).map(profile);
  }

  /**
   * People with whom the caller shares a chat stand first, so they are looked through themselves: the directory's first hits
   * for a short query need not hold them. Without a query: those people.
   */
  async search(caller: Caller, query: string): Promise<readonly Profile[]> {
    const { users, profiles, access } = this.#parts;
    const contacts = await access.contactsOf(caller.userId);
    const [known, hits] = await Promise.all([
      profiles.of([...contacts]),
      query === '' ? [] : users.search(query, maxHits + 1),
    ]);
    const found = new Map<UserId, UserRecord>();
    for (const record of known.filter((one) => one !== null && matches(one, query)).sort(byName)) {
      if (record) found.set(record.userId, record);
    }
    for (const record of hits) if (!found.has(record.userId)) found.set(record.userId, record);
    found.delete(caller.userId);
    return [...found.values()].slice(0, maxHits).map(profile);
  }

  async #me(record: UserRecord): Promise<Me> {
    const { lastSeenAudience, onlineAudience, readReceipts, userId } = record;
    const operator = await this.#parts.operators.is(userId);
    return { ...profile(record), lastSeenAudience, onlineAudience, readReceipts, operator };
  }
}

/** As the directory searches: each word of the query begins a word of the name or the username; case and accents don't count. */
function matches({ displayName, username }: UserRecord, query: string): boolean {
  const words = [username, ...wordsOf(`${displayName} ${username}`)];
  return fold(query)
    .split(/\s+/)
    .every((wanted) => words.some((word) => word.startsWith(wanted)));
}

const wordsOf = (text: string): readonly string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

const byName = (a: UserRecord | null, b: UserRecord | null): number =>
  (a?.displayName ?? '').localeCompare(b?.displayName ?? '');

const isSeenByOthers = (update: MeUpdate): boolean =>
  update.displayName !== undefined || update.about !== undefined || update.avatarId !== undefined;

const profile = (record: UserRecord): Profile => ({
  userId: record.userId,
  username: record.username,
  displayName: record.displayName,
  about: record.about,
  avatarId: record.avatarId,
  bot: record.bot,
});
