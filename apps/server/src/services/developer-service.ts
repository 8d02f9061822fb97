import type { Clock, MakeId } from '@tidings/api/clock';
import type { ApiKey, Bot, DeveloperApi, NewApiKey } from '@tidings/api/developer';
import { TidingsError } from '@tidings/api/errors';
import type { NewBot, Scope } from '@tidings/api/fields';
import { type UserId, userId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import type { Locks } from '@tidings/bus/lock/port';
import type { ApiKeyRecord, BotDirectory, BotRecord } from '@tidings/db/directory/bot-port';
import { hashOf, hintOf, makeSecret } from '../auth/api-keys.ts';

const maxBots = 20;
const maxKeys = 50;

export type DeveloperServiceParts = {
  readonly bots: BotDirectory;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly makeId: MakeId;
};

/** A user's bots and the keys to them (BOT1). */
export class DeveloperService implements DeveloperApi {
  readonly #parts: DeveloperServiceParts;

  constructor(parts: DeveloperServiceParts) {
    this.#parts = parts;
  }

  async bots({ userId: owner }: Caller): Promise<readonly Bot[]> {
    return (await this.#parts.bots.botsOf(owner, maxBots)).map(shownBot);
  }

  createBot({ userId: owner }: Caller, bot: NewBot): Promise<Bot> {
    const { bots, makeId, clock } = this.#parts;
    return this.#alone(owner, async () => {
      if ((await bots.botsOf(owner, maxBots)).length >= maxBots)
        throw new TidingsError('too-many-requests', `${maxBots} bots`);
      const made = { ...bot, userId: userId(makeId()), owner, createdAt: clock.now() };
      return shownBot(await bots.createBot(made));
    });
  }

  async keys({ userId: owner }: Caller): Promise<readonly ApiKey[]> {
    return (await this.#parts.bots.keysOf(owner, maxKeys)).map(shownKey);
  }

  async createKey(
    { userId: owner }: Caller,
    { botId, name, scopes }: NewApiKey,
  ): Promise<{ readonly key: ApiKey; readonly secret: string }> {
    const { bots, makeId, clock } = this.#parts;
    const own = await bots.botsOf(owner, maxBots);
    if (!own.some((bot) => bot.userId === botId)) throw new TidingsError('not-found', 'no such bot');
    return this.#alone(owner, async () => {
      if ((await bots.keysOf(owner, maxKeys)).length >= maxKeys)
        throw new TidingsError('too-many-requests', `${maxKeys} keys`);
      const secret = makeSecret();
      const kept = { id: makeId(), hash: hashOf(secret), hint: hintOf(secret) };
      const times = { createdAt: clock.now(), lastUsedAt: null, revokedAt: null };
      const key: ApiKeyRecord = { ...kept, ...times, name, owner, bot: botId, scopes };
      await bots.createKey(key);
      return { key: shownKey(key), secret };
    });
  }

  /** What is counted doesn't change before it is added to. */
  async #alone<T>(owner: UserId, work: () => Promise<T>): Promise<T> {
    const held = await this.#parts.locks.take(`programs-${owner}`);
    try {
      return await work();
    } finally {
      await held.release();
    }
  }

  async revokeKey({ userId: owner }: Caller, id: string): Promise<void> {
    const { bots, clock } = this.#parts;
    if (!(await bots.revokeKey(owner, id, clock.now()))) throw new TidingsError('not-found');
  }
}

const shownBot = (record: BotRecord): Bot => ({
  userId: record.userId,
  username: record.username,
  displayName: record.displayName,
  about: record.about,
  avatarId: record.avatarId,
  bot: true,
  createdAt: record.createdAt,
});

const shownKey = ({ id, name, bot, scopes, hint, createdAt, lastUsedAt }: ApiKeyRecord): ApiKey => ({
  ...{ id, name, hint, createdAt, lastUsedAt },
  botId: bot,
  scopes: scopes as readonly Scope[] as Scope[],
});
