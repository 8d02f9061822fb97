import type { Clock, Random } from '@tidings/api/clock';
import { trustedUserId, type UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import { persist } from './backoff.ts';
import type { LocalStore } from './local-store.ts';
import type { Api } from './transport.ts';

const freshMs = 3_600_000;
const usersInCall = 200;
const askedKey = (user: UserId): string => `~profile:${user}`;

/** Fetches the profiles that somebody wants to see, in batches, and again when they are old or changed. */
export class Profiles {
  readonly #parts: { store: LocalStore; clock: Clock; random: Random };
  /** When each was last fetched, by this device's clock, as far as known in memory. */
  readonly #fetched = new Map<UserId, number>();
  readonly #wanted = new Set<UserId>();
  #api: Api | null = null;
  #scheduled = false;

  constructor(parts: { store: LocalStore; clock: Clock; random: Random }) {
    this.#parts = parts;
  }

  open(api: Api): void {
    this.#api = api;
    this.#schedule();
  }

  close(): void {
    this.#api = null;
  }

  need(users: readonly UserId[]): void {
    for (const user of users) if (!this.#isFresh(this.#fetched.get(user))) this.#wanted.add(user);
    this.#schedule();
  }

  /** The server says that these changed; only those that somebody has seen matter. */
  changed(users: readonly string[]): void {
    for (const name of users) {
      const user = trustedUserId(name);
      if (!this.#fetched.has(user)) void this.#forget(user);
      else {
        this.#fetched.set(user, 0);
        this.#wanted.add(user);
      }
    }
    this.#schedule();
  }

  #isFresh(at: number | undefined): boolean {
    const age = this.#parts.clock.now() - (at ?? 0);
    return at !== undefined && age >= 0 && age < freshMs;
  }

  /** Known from an earlier session perhaps: the next who needs it fetches it. */
  async #forget(user: UserId): Promise<void> {
    const key = askedKey(user);
    const [at] = await this.#parts.store.items([key]);
    if (at !== undefined)
      await this.#parts.store.apply([{ type: 'put-items', items: [{ key, value: null }] }]);
  }

  #schedule(): void {
    if (this.#scheduled || this.#wanted.size === 0 || !this.#api) return;
    this.#scheduled = true;
    this.#parts.clock.soon(() => {
      void this.#fetch().finally(() => {
        this.#scheduled = false;
        this.#schedule();
      });
    });
  }

  async #fetch(): Promise<void> {
    const api = this.#api;
    if (!api) return;
    const users = [...this.#wanted].slice(0, usersInCall);
    const stale = await this.#stale(users);
    if (stale.length > 0) {
      const patience = { ...this.#parts, stopped: () => this.#api !== api };
      const profiles = await persist(() => api.user.profiles.query({ userIds: [...stale] }), patience);
      if (!profiles && this.#api !== api) return;
      if (profiles) await this.#store(stale, profiles as Profile[]);
    }
    for (const user of users) this.#wanted.delete(user);
  }

  async #stale(users: readonly UserId[]): Promise<readonly UserId[]> {
    const unknown = users.filter((user) => !this.#fetched.has(user));
    const times = unknown.length > 0 ? await this.#parts.store.items(unknown.map(askedKey)) : [];
    unknown.forEach((user, index) => {
      const at = times[index];
      if (typeof at === 'number') this.#fetched.set(user, at);
    });
    return users.filter((user) => !this.#isFresh(this.#fetched.get(user)));
  }

  async #store(asked: readonly UserId[], profiles: readonly Profile[]): Promise<void> {
    const now = this.#parts.clock.now();
    const items = asked.map((user) => ({ key: askedKey(user), value: now }));
    await this.#parts.store.apply([
      { type: 'put-profiles', profiles },
      { type: 'put-items', items },
    ]);
    for (const user of asked) this.#fetched.set(user, now);
  }
}
