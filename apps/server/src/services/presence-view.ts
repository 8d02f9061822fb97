import type { Presence } from '@tidings/api/events';
import type { Audience } from '@tidings/api/fields';
import { trustedUserId, type UserId } from '@tidings/api/ids';
import type { UserRecord } from '@tidings/db/directory/port';
import type { Contacts } from './contacts.ts';
import type { LastSeenService } from './last-seen-service.ts';
import type { Profiles } from './parts.ts';
import type { WebSocketManager } from './websocket-manager.ts';

export type PresenceViewParts = {
  readonly profiles: Profiles;
  readonly contacts: Contacts;
  readonly lastSeen: LastSeenService;
  readonly manager: WebSocketManager;
};

/** How users are, whoever asks. */
export type State = {
  readonly record: UserRecord;
  readonly online: boolean;
  readonly lastSeen: number | null;
};

/** Under this topic a handler joins that has the user's app open on one of its connections. */
export const onlineTopic = (user: UserId): UserId => trustedUserId(`online~${user}`);

/** How users are, and what of it others may see (PRES3). */
export class PresenceView {
  readonly #parts: PresenceViewParts;

  constructor(parts: PresenceViewParts) {
    this.#parts = parts;
  }

  /** Of those that exist, in no particular order. */
  async states(users: readonly UserId[]): Promise<readonly State[]> {
    const { profiles, lastSeen, manager } = this.#parts;
    if (users.length === 0) return [];
    const [records, times, handlers] = await Promise.all([
      profiles.of(users),
      lastSeen.read(users),
      manager.handlersOf(users.map(onlineTopic)),
    ]);
    return records.flatMap((record, index) =>
      record ? [{ record, online: (handlers[index]?.length ?? 0) > 0, lastSeen: times[index] ?? null }] : [],
    );
  }

  async isOnline(users: readonly UserId[]): Promise<readonly boolean[]> {
    const handlers = await this.#parts.manager.handlersOf(users.map(onlineTopic));
    return users.map((_, index) => (handlers[index]?.length ?? 0) > 0);
  }

  /** As `watcher` may see it. It takes both: the one lets the other see, and lets the other see theirs. */
  async shownTo(watcher: UserId, state: State): Promise<Presence> {
    const { record } = state;
    const [own] = await this.#parts.profiles.of([watcher]);
    const sees = async (audience: 'onlineAudience' | 'lastSeenAudience') =>
      record.userId === watcher ||
      (own !== null &&
        own !== undefined &&
        (await this.#admits(record.userId, record[audience], watcher)) &&
        (await this.#admits(watcher, own[audience], record.userId)));
    return {
      userId: record.userId,
      online: (await sees('onlineAudience')) ? state.online : null,
      lastSeen: (await sees('lastSeenAudience')) ? state.lastSeen : null,
    };
  }

  async #admits(owner: UserId, audience: Audience, other: UserId): Promise<boolean> {
    if (audience === 'contacts') return this.#parts.contacts.knows(owner, other);
    return audience === 'everyone';
  }
}
