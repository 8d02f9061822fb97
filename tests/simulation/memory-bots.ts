import { TidingsError } from '@tidings/api/errors';
import type { Timestamp, UserId } from '@tidings/api/ids';
import type {
  ApiKeyRecord,
  ApiRequestRecord,
  BotDirectory,
  BotRecord,
  NewBot,
} from '@tidings/db/directory/bot-port';
import type { MemoryUsers } from './memory-people.ts';

/** Bots, their keys and requests in memory. */
export class MemoryBots implements BotDirectory {
  readonly #users: MemoryUsers;
  readonly #bots: BotRecord[] = [];
  readonly #keys = new Map<string, ApiKeyRecord>();
  readonly #requests = new Map<string, ApiRequestRecord>();

  constructor(users: MemoryUsers) {
    this.#users = users;
  }

  async createBot({ owner, createdAt, ...profile }: NewBot): Promise<BotRecord> {
    if (await this.#users.byUsername(profile.username)) throw new TidingsError('username-taken');
    const bot = { ...this.#users.add(profile, 'bot'), owner, createdAt };
    this.#bots.push(bot);
    return bot;
  }

  async botsOf(owner: UserId, limit: number): Promise<readonly BotRecord[]> {
    const own = this.#bots.filter((bot) => bot.owner === owner);
    return own.sort((a, b) => a.createdAt - b.createdAt).slice(0, limit);
  }

  async createKey(key: ApiKeyRecord): Promise<void> {
    this.#keys.set(key.id, key);
  }

  async keysOf(owner: UserId, limit: number): Promise<readonly ApiKeyRecord[]> {
    const own = [...this.#keys.values()].filter((key) => key.owner === owner && key.revokedAt === null);
    return own.sort((a, b) => b.createdAt - a.createdAt).slice(0, limit);
  }

  async keyByHash(hash: string): Promise<ApiKeyRecord | null> {
    const key = [...this.#keys.values()].find((each) => each.hash === hash && each.revokedAt === null);
    const people = key ? await this.#users.profiles([key.owner, key.bot]) : [];
    return key && people.length === 2 ? key : null;
  }

  async revokeKey(owner: UserId, id: string, at: Timestamp): Promise<boolean> {
    const key = this.#keys.get(id);
    if (key?.owner !== owner || key.revokedAt !== null) return false;
    this.#keys.set(id, { ...key, revokedAt: at });
    return true;
  }

  async usedKey(id: string, at: Timestamp): Promise<void> {
    const key = this.#keys.get(id);
    if (key) this.#keys.set(id, { ...key, lastUsedAt: at });
  }

  async noteRequest(request: ApiRequestRecord): Promise<ApiRequestRecord> {
    const name = `${request.user} ${request.key}`;
    const noted = this.#requests.get(name) ?? request;
    this.#requests.set(name, noted);
    return noted;
  }

  async forgetRequests(before: Timestamp, limit: number): Promise<number> {
    const old = [...this.#requests].filter(([, { createdAt }]) => createdAt < before).slice(0, limit);
    for (const [name] of old) this.#requests.delete(name);
    return old.length;
  }
}
