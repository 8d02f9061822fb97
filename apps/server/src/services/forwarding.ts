import type { Clock } from '@tidings/api/clock';
import type { HandlerId, UserId } from '@tidings/api/ids';
import type { Envelope } from './envelope.ts';
import type { Lines } from './lines.ts';
import type { WebSocketManager } from './websocket-manager.ts';

type Push = Extract<Envelope, { type: 'push' }>;

export type ForwardingParts = {
  readonly clock: Clock;
  readonly lines: Lines;
  readonly manager: WebSocketManager;
};

/**
 * What cached lookups miss. Somebody who looked a user up a moment ago doesn't know of the handler at which one more of the user's
 * devices has arrived since, nor that the only one has moved. But they do know a handler that serves or served the user; so that
 * one passes on what is for them: to handlers that asked for it when the device arrived there, and, when it has nobody for it, to
 * whomever the registry names now.
 */
export class Forwarding {
  readonly #parts: ForwardingParts;
  /** Handlers that asked, by user. */
  readonly #asked = new Map<UserId, Set<HandlerId>>();

  constructor(parts: ForwardingParts) {
    this.#parts = parts;
  }

  /** Passes the user's pushes on to `to` for as long as somebody may not know of it. */
  ask(user: UserId, to: HandlerId): void {
    const { clock, manager } = this.#parts;
    manager.forget(user);
    const handlers = this.#asked.get(user) ?? new Set();
    this.#asked.set(user, handlers.add(to));
    clock.after(manager.staleMs, () => {
      handlers.delete(to);
      if (handlers.size === 0 && this.#asked.get(user) === handlers) this.#asked.delete(user);
    });
  }

  /** Passed on once at most: what was passed on goes no further. */
  pass(push: Push): void {
    if (push.passedOn) return;
    const lost: UserId[] = [];
    for (const user of push.users) {
      for (const handler of this.#asked.get(user) ?? []) this.#send(handler, push, [user]);
      if (this.#parts.lines.of(user).length === 0) lost.push(user);
    }
    if (lost.length > 0) this.#passLost(push, lost);
  }

  #passLost({ events, except, stale }: Push, users: readonly UserId[]): void {
    const { manager } = this.#parts;
    for (const user of users) manager.forget(user);
    manager.pushElsewhere({ users, events: () => events, except, stale, fresh: true, passedOn: true });
  }

  #send(handler: HandlerId, push: Push, users: readonly UserId[]): void {
    const { manager } = this.#parts;
    manager.send(handler, { ...push, from: manager.handlerId, users, passedOn: true });
  }
}
