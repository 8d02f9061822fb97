import type { UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import type { DeviceStore } from './device-store';
import { share } from './sharing';

/**
 * The profiles that views have asked for, in one live read however many avatars are on the screen. What the store lacks or
 * holds for long is asked of the engine, in batches.
 */
export class People {
  readonly #store: DeviceStore;
  readonly #need: (users: readonly UserId[]) => void;
  readonly #profiles = new Map<UserId, Profile | undefined>();
  readonly #listeners = new Map<UserId, Set<() => void>>();
  #asked: UserId[] = [];
  #waiting: (() => void)[] = [];
  #stop: (() => void) | null = null;

  constructor(store: DeviceStore, need: (users: readonly UserId[]) => void) {
    this.#store = store;
    this.#need = need;
  }

  get(user: UserId): Profile | undefined {
    return this.#profiles.get(user);
  }

  subscribe(user: UserId, listener: () => void): () => void {
    const listeners = this.#listeners.get(user) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(user, listeners);
    this.#ask(user);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(user) === listeners) this.#listeners.delete(user);
    };
  }

  /** Reads before a view asks, which then has the names in its first rendering. Resolves when they were looked for. */
  ahead(users: readonly UserId[]): Promise<void> {
    if (users.length === 0) return Promise.resolve();
    for (const user of users) this.#ask(user);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#stop?.();
  }

  #ask(user: UserId): void {
    if (!this.#asked.includes(user)) {
      this.#asked.push(user);
      if (this.#asked.length === 1) queueMicrotask(() => this.#read());
    }
  }

  #read(): void {
    const asked = this.#asked;
    this.#asked = [];
    this.#need(asked);
    const unknown = asked.filter((user) => !this.#profiles.has(user));
    if (unknown.length === 0) {
      this.#settle();
      return;
    }
    for (const user of unknown) this.#profiles.set(user, undefined);
    this.#stop?.();
    const users = [...this.#profiles.keys()];
    this.#stop = this.#store.live(
      (reads) => reads.profiles(users),
      (profiles) => {
        users.forEach((user, index) => {
          this.#set(user, profiles[index]);
        });
        this.#settle();
      },
    );
  }

  #settle(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #set(user: UserId, profile: Profile | undefined): void {
    const before = this.#profiles.get(user);
    const now = share(before, profile);
    if (now === before) return;
    this.#profiles.set(user, now);
    for (const listener of [...(this.#listeners.get(user) ?? [])]) listener();
  }
}
