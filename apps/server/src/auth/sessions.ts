import type { Clock } from '@tidings/api/clock';
import type { SessionId, Timestamp } from '@tidings/api/ids';
import type { SessionDirectory, SessionRecord } from '@tidings/db/directory/port';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { CacheUse } from '../services/cache-use.ts';
import { Gathering } from './gathering.ts';
import { LastUse } from './last-use.ts';
import { tokenOf } from './session-cookie.ts';

/** A server that restarts meets all devices at once: their cookies are looked up together, a query per this time. */
const gatherMs = 3;

export type SessionsParts = {
  readonly directory: SessionDirectory;
  readonly clock: Clock;
  readonly secret: string;
  readonly cookieName: string;
  /** How long a session is believed without asking the directory again. */
  readonly believeMs: number;
};

type Believed = { readonly record: SessionRecord; readonly until: Timestamp };

/** Whom a cookie belongs to, for sockets and plain HTTP alike. */
export class Sessions {
  readonly cacheUse = new CacheUse();
  readonly #parts: SessionsParts;
  readonly #lastUse: LastUse;
  readonly #loader: DataLoader<string, SessionRecord | null>;
  readonly #tokens = new Map<SessionId, string>();
  readonly #byToken = new LRUCache<string, Believed>({
    max: 50_000,
    dispose: ({ record }, _token, reason) => {
      if (reason !== 'set') this.#tokens.delete(record.sessionId);
    },
  });
  /** Grows whenever sessions end: what was being read meanwhile may be out of date. */
  #epoch = 0;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#lastUse = new LastUse(parts.directory, parts.clock);
    this.#loader = new DataLoader((tokens) => this.#load(tokens), {
      cache: false,
      maxBatchSize: 1_000,
      batchScheduleFn: new Gathering(parts.clock, gatherMs).schedule,
    });
  }

  /** `null` without a cookie of ours, and when its session ended or expired. */
  async ofCookie(header: string | undefined): Promise<SessionRecord | null> {
    const token = tokenOf(header, this.#parts.cookieName, this.#parts.secret);
    if (token === null) return null;
    const now = this.#parts.clock.now();
    const believed = this.#byToken.get(token);
    const isBelieved = believed !== undefined && believed.until > now;
    this.cacheUse.count(isBelieved);
    const record = isBelieved ? believed.record : await this.#loader.load(token);
    if (!record || record.expiresAt <= now) return null;
    this.#lastUse.note(record);
    return record;
  }

  /** These sessions ended: their cookies are refused from now on (SESS1). */
  ended(sessions: readonly SessionId[]): void {
    this.#epoch += 1;
    for (const session of sessions) {
      const token = this.#tokens.get(session);
      if (token !== undefined) this.#byToken.delete(token);
    }
  }

  /** Reads again when a session ended while it read: its row may have been there still. */
  async #load(tokens: readonly string[]): Promise<(SessionRecord | null)[]> {
    const epoch = this.#epoch;
    const found = await this.#parts.directory.byTokens(tokens);
    if (epoch !== this.#epoch) return this.#load(tokens);
    const until = this.#parts.clock.now() + this.#parts.believeMs;
    const records = new Map<string, SessionRecord>();
    for (const record of found) {
      records.set(record.token, record);
      this.#tokens.set(record.sessionId, record.token);
      this.#byToken.set(record.token, { record, until });
    }
    return tokens.map((token) => records.get(token) ?? null);
  }
}
