import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@tidings/api/clock';
import type { ApiKeyRecord, BotDirectory } from '@tidings/db/directory/bot-port';
import { LRUCache } from 'lru-cache';

/** By which people and scanners for leaked secrets know one. */
const prefix = 'tid_';
const pattern = /^tid_[A-Za-z0-9_-]{43}$/;
const hintLength = 8;
/** A use is noted at most so often. */
const noteEveryMs = 60_000;

/** A new key: 256 random bits. */
export const makeSecret = (): string => `${prefix}${randomBytes(32).toString('base64url')}`;

/** What is kept of a key. It is no password that could be guessed, so one round of SHA-256 is enough, and fast for each request. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
export const hintOf = (secret: string): string => secret.slice(0, hintLength);

/** Tells who calls by the key that they bring. It is looked up each time: one that was revoked works no more from then on. */
export class ApiKeys {
  readonly #parts: { readonly bots: BotDirectory; readonly clock: Clock };
  readonly #noted = new LRUCache<string, number>({ max: 10_000 });

  constructor(parts: { readonly bots: BotDirectory; readonly clock: Clock }) {
    this.#parts = parts;
  }

  /** `null`, whatever is wrong with it. */
  async find(secret: string): Promise<ApiKeyRecord | null> {
    const key = pattern.test(secret) ? await this.#parts.bots.keyByHash(hashOf(secret)) : null;
    if (key) this.#note(key.id);
    return key;
  }

  #note(id: string): void {
    const now = this.#parts.clock.now();
    if (now - (this.#noted.get(id) ?? 0) < noteEveryMs) return;
    this.#noted.set(id, now);
    // Only shown: a use that isn't noted is noted with the next.
    this.#parts.bots.usedKey(id, now).catch(() => this.#noted.delete(id));
  }
}
