import type { Clock } from '@tidings/api/clock';
import type { Presence, ServerEvent } from '@tidings/api/events';
import { type ConversationId, trustedUserId, type UserId } from '@tidings/api/ids';
import type { PresenceApi, UserAct, Watched } from '@tidings/api/presence';
import type { Caller } from '@tidings/api/trpc';
import type { Envelope } from './envelope.ts';
import type { LastSeenService } from './last-seen-service.ts';
import type { Access, Logger } from './parts.ts';
import { onlineTopic, type PresenceView } from './presence-view.ts';
import { Throttle } from './throttle.ts';
import { logTrouble } from './trouble.ts';
import { Watches } from './watches.ts';
import type { WebSocketHandler } from './websocket-handler.ts';
import type { WebSocketManager } from './websocket-manager.ts';

/** PRES2. */
const tellEveryMs = 2_000;
const typingMs = 6_000;
/** Who is online at a handler that died isn't told by anybody: so it is asked, for those on a screen. */
const recheckMs = 10_000;

export type PresenceServiceParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly access: Access;
  readonly manager: WebSocketManager;
  readonly handler: WebSocketHandler;
  readonly lastSeen: LastSeenService;
  readonly view: PresenceView;
};

type Typing = Extract<Envelope, { type: 'typing' }>;

const watchTopic = (key: string): UserId => trustedUserId(`watch~${key}`);

/**
 * Who is there, and who types, for those who have it on their screen. A handler joins a topic for what its devices watch, and
 * one for each user who has the app open here; who changes tells the handlers that joined.
 */
export class PresenceService implements PresenceApi {
  readonly #parts: PresenceServiceParts;
  readonly #users = new Watches<UserId>();
  readonly #conversations = new Watches<ConversationId>();
  /** Connections on which the user's app is open. */
  readonly #open = new Map<UserId, Set<object>>();
  readonly #changed: Throttle<UserId>;
  readonly #typed: Throttle<string>;
  readonly #lastTyping = new Map<string, Typing>();
  readonly #toldOnline = new Set<UserId>();
  #cancelRecheck: () => void;

  constructor(parts: PresenceServiceParts) {
    this.#parts = parts;
    this.#changed = new Throttle(
      parts.clock,
      tellEveryMs,
      (users) => void this.#quietly(this.#tellWatchers(users)),
    );
    this.#typed = new Throttle(parts.clock, tellEveryMs, (keys) => this.#tellTyping(keys));
    this.#cancelRecheck = parts.clock.after(recheckMs, () => this.#recheck());
    parts.handler.listen({
      presence: (envelope) => this.#take(envelope),
      gone: (connection, caller) => connection && this.#gone(connection, caller),
    });
  }

  stop(): void {
    this.#cancelRecheck();
  }

  /** Joined before it is answered: a change from then on is told. What the caller is no member of is left out. */
  async watch(
    caller: Caller,
    connection: object | undefined,
    { userIds, conversationIds }: Watched,
  ): Promise<readonly Presence[]> {
    const { access, handler, manager, view } = this.#parts;
    if (connection && handler.lineOf(connection)) {
      const views = await access.find([...new Set(conversationIds)]);
      const own = views.flatMap((each) =>
        each?.memberships.get(caller.userId)?.removedSeq === null ? each.record.id : [],
      );
      // It may have closed meanwhile, and nobody would end the watch then.
      if (handler.lineOf(connection)) {
        const users = this.#users.set(connection, caller, userIds);
        const conversations = this.#conversations.set(connection, caller, own);
        this.#forget([...users.ended, ...conversations.ended]);
        await Promise.all(
          [...users.begun, ...conversations.begun].map((key) => manager.join(watchTopic(key))),
        );
      }
    }
    const states = await view.states([...new Set(userIds)]);
    for (const { record, online } of states)
      if (online && this.#users.has(record.userId)) this.#toldOnline.add(record.userId);
    return Promise.all(states.map((state) => view.shownTo(caller.userId, state)));
  }

  async act(caller: Caller, connection: object | undefined, act: UserAct): Promise<void> {
    if (act !== 'still') await this.#parts.lastSeen.did(caller.userId, act);
    if (!connection || !this.#parts.handler.lineOf(connection)) return;
    if (act === 'close') await this.#closed(caller.userId, connection);
    else await this.#opened(caller.userId, connection);
  }

  async typing(caller: Caller, conversationId: ConversationId, typing: boolean): Promise<void> {
    await this.#parts.access.require(caller.userId, conversationId, 'write');
    const key = `${conversationId} ${caller.userId}`;
    this.#lastTyping.set(key, {
      type: 'typing',
      conversationId,
      userId: caller.userId,
      forMs: typing ? typingMs : 0,
    });
    this.#typed.touch(key);
  }

  async #opened(user: UserId, connection: object): Promise<void> {
    const open = this.#open.get(user);
    if (open) {
      open.add(connection);
      return;
    }
    this.#open.set(user, new Set([connection]));
    await this.#parts.manager.join(onlineTopic(user));
    this.#announce(user);
  }

  async #closed(user: UserId, connection: object): Promise<void> {
    const open = this.#open.get(user);
    if (!open?.delete(connection) || open.size > 0) return;
    this.#open.delete(user);
    this.#parts.manager.leave(onlineTopic(user));
    this.#announce(user);
  }

  #gone(connection: object, caller: Caller): void {
    this.#forget([...this.#users.drop(connection), ...this.#conversations.drop(connection)]);
    void this.#closed(caller.userId, connection);
  }

  #forget(keys: readonly string[]): void {
    for (const key of keys) {
      this.#parts.manager.leave(watchTopic(key));
      this.#toldOnline.delete(key as UserId);
    }
  }

  #announce(user: UserId): void {
    this.#noteChange(user);
    void this.#quietly(
      this.#parts.manager.sendToTopics([watchTopic(user)], { type: 'presence', users: [user] }),
    );
  }

  #take(envelope: Extract<Envelope, { type: 'presence' | 'typing' }>): void {
    if (envelope.type === 'typing') void this.#quietly(this.#showTyping(envelope));
    else for (const user of envelope.users) this.#noteChange(user);
  }

  #noteChange(user: UserId): void {
    if (this.#users.has(user)) this.#changed.touch(user);
  }

  async #tellWatchers(users: readonly UserId[]): Promise<void> {
    const states = await this.#parts.view.states(users.filter((user) => this.#users.has(user)));
    for (const state of states) {
      const user = state.record.userId;
      if (state.online) this.#toldOnline.add(user);
      else this.#toldOnline.delete(user);
      for (const { connection, caller } of this.#users.of(user)) {
        const presence = await this.#parts.view.shownTo(caller.userId, state);
        this.#push(connection, { type: 'presence', presence });
      }
    }
  }

  #tellTyping(keys: readonly string[]): void {
    for (const key of keys) {
      const typing = this.#lastTyping.get(key);
      this.#lastTyping.delete(key);
      if (!typing) continue;
      void this.#quietly(this.#showTyping(typing));
      void this.#quietly(this.#parts.manager.sendToTopics([watchTopic(typing.conversationId)], typing));
    }
  }

  /** A watch outlives a membership: who was removed sees no more of it. */
  async #showTyping(typing: Typing): Promise<void> {
    const { conversationId, userId } = typing;
    const watchers = this.#conversations.of(conversationId).filter(({ caller }) => caller.userId !== userId);
    if (watchers.length === 0) return;
    const [view] = await this.#parts.access.find([conversationId]);
    for (const { connection, caller } of watchers) {
      if (view?.memberships.get(caller.userId)?.removedSeq === null) this.#push(connection, typing);
    }
  }

  #push(connection: object, event: ServerEvent): void {
    this.#parts.handler.lineOf(connection)?.push([JSON.stringify(event)]);
  }

  #recheck(): void {
    this.#cancelRecheck = this.#parts.clock.after(recheckMs, () => this.#recheck());
    const users = [...this.#toldOnline];
    if (users.length === 0) return;
    const looked = this.#parts.view.isOnline(users).then((online) => {
      for (const [index, user] of users.entries()) if (!online[index]) this.#noteChange(user);
    });
    void this.#quietly(looked);
  }

  /** All of this is hints: what fails is told with the next change. */
  async #quietly(work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => logTrouble(this.#parts.logger, error, 'presence not told'));
  }
}
